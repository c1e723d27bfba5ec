import { Duplex } from 'node:stream'
import { silentLogger } from '../../../src/kernel/log.ts'
import {
  type Player,
  type Presentation,
  RtspServer,
  type RtspServerOptions,
  type RtspSession,
} from '../../../src/media/rtsp-server/index.ts'
import { FakeClock } from '../../support/fake-clock.ts'

/** A client's end of a connection in memory. What the server writes is taken while `reading`. */
export class MemoryClient extends Duplex {
  readonly received: Buffer[] = []
  reading = true
  readonly #waiting: (() => void)[] = []

  constructor() {
    super({ highWaterMark: 16_384, autoDestroy: true })
    this.on('error', () => {})
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.received.push(Buffer.from(chunk))
    if (this.reading) done()
    else this.#waiting.push(done)
  }

  /** Bytes that the client sends. */
  say(bytes: Buffer | string): void {
    this.push(bytes)
  }

  get text(): string {
    return Buffer.concat(this.received).toString('latin1')
  }

  /** What came since the last call. */
  heard(): string {
    const { text } = this
    this.received.length = 0
    return text
  }

  startReading(): void {
    this.reading = true
    for (const done of this.#waiting.splice(0)) done()
  }
}

/** Content with two tracks that notes what the layer asks of it. */
export class TestContent implements Presentation {
  readonly sdp = 'v=0\r\ns=test\r\nm=video 0 RTP/AVP 96\r\na=control:trackID=0\r\n'
  readonly controls = ['trackID=0', 'trackID=1']
  readonly log: string[] = []
  session: RtspSession | undefined
  rtcp: Buffer[] = []

  play(session: RtspSession): Player {
    this.session = session
    this.log.push('play')
    return {
      starts: [{ sequence: 7, timestamp: 900 }, undefined],
      range: 'npt=now-',
      start: () => this.log.push('start'),
      stop: () => this.log.push('stop'),
      report: track => (track === 0 ? { timestamp: 1, wall: 1_000, packets: 2, octets: 3 } : undefined),
      rtcp: (_track, bytes, start, end) => this.rtcp.push(Buffer.from(bytes.subarray(start, end))),
    }
  }

  release(): void {
    this.log.push('release')
  }
}

/** Lets promises and streams settle. */
export async function settle(turns = 5): Promise<void> {
  for (let i = 0; i < turns; i++) await new Promise(resolve => setImmediate(resolve))
}

export interface TestServer {
  readonly server: RtspServer
  readonly clock: FakeClock
  readonly content: TestContent
  connect(): MemoryClient
}

/** A server without a port; `/cam` and below has content. */
export function testServer(options: Partial<RtspServerOptions> = {}): TestServer {
  const clock = new FakeClock()
  const content = new TestContent()
  const server = new RtspServer({
    handler: {
      describe: async ({ path }) => (path === '/cam' ? content : { status: 404, reason: 'No such camera' }),
    },
    clock,
    log: silentLogger,
    random: () => 0.5,
    ...options,
  })
  const connect = () => {
    const client = new MemoryClient()
    server.accept(client, {
      remote: { address: '127.0.0.1', port: 5_000 },
      local: { address: '127.0.0.1', port: 554 },
    })
    return client
  }
  return { server, clock, content, connect }
}

export function request(method: string, uri: string, cseq: number, headers: Record<string, string> = {}): string {
  const lines = Object.entries({ CSeq: String(cseq), ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${uri} RTSP/1.0\r\n${lines.join('')}\r\n`
}
