import { connect, type Socket } from 'node:net'
import { RtspHeaders, type RtspResponse, RtspStreamParser, serializeRequest } from '../../src/wire/rtsp/index.ts'

/** A plain RTSP client over TCP, for what players do not do: nothing read, odd orders, many at once. */
export class RtspClient {
  readonly socket: Socket
  readonly url: string
  /** Called with each interleaved packet. */
  onPacket: (channel: number, bytes: Buffer) => void = () => {}
  #cseq = 0
  #session = ''
  readonly #waiting: ((response: RtspResponse) => void)[] = []
  readonly closed: Promise<void>

  constructor(url: string) {
    this.url = url
    const { hostname, port } = new URL(url)
    this.socket = connect(Number(port), hostname)
    this.closed = new Promise(resolve => this.socket.once('close', () => resolve()))
    const parser = new RtspStreamParser({
      message: message => message.type === 'response' && this.#waiting.shift()?.(message),
      interleaved: (bytes, start, end, channel) => this.onPacket(channel, Buffer.from(bytes.subarray(start, end))),
      malformed: reason => this.socket.destroy(new Error(reason)),
    })
    this.socket.on('data', chunk => parser.push(chunk))
    this.socket.on('error', () => {})
  }

  ask(method: string, suffix = '', headers: readonly (readonly [string, string])[] = []): Promise<RtspResponse> {
    const lines = new RtspHeaders([['CSeq', String(++this.#cseq)], ...headers])
    if (this.#session !== '') lines.add('Session', this.#session)
    this.socket.write(serializeRequest(method, this.url + suffix, lines))
    return new Promise((resolve, reject) => {
      this.#waiting.push(resolve)
      void this.closed.then(() => reject(new Error(`${method}: connection closed`)))
    })
  }

  /** DESCRIBE, SETUP of the first track, PLAY; the answers' statuses. */
  async play(): Promise<number[]> {
    const described = await this.ask('DESCRIBE')
    const setup = await this.ask('SETUP', '/trackID=0', [['Transport', 'RTP/AVP/TCP;unicast;interleaved=0-1']])
    this.#session = setup.headers.get('Session')?.split(';')[0] ?? ''
    return [described.status, setup.status, (await this.ask('PLAY')).status]
  }
}
