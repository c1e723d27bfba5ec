import type { Duplex } from 'node:stream'
import { type RtspMessage, type RtspRequest, RtspStreamParser } from '../../wire/rtsp/index.ts'
import { answerRequest } from './answer-request.ts'
import { OpeningBytes } from './opening-bytes.ts'
import type { Described } from './presentation-hold.ts'
import { parseTarget } from './request-target.ts'
import type { RtspServer } from './rtsp-server.ts'
import type { InterleavedLink, ServerSession } from './server-session.ts'
import { StallWatch } from './stall-watch.ts'
import type { ConnectionAddress, Visitor } from './types.ts'

/** A client has no reason to send more than this in one request. */
const STREAM_LIMITS = { head: 16_384, body: 16_384, junk: 4_096 }
/** Requests that may wait while one is being answered. */
const MAX_WAITING = 32
/** Bytes that a client may send before the first request that names a path is complete. */
const MAX_OPENING = 65_536
/** Bytes that a client may leave unread before its requests are not read either. */
const UNREAD = 65_536
/** The same while it plays: more than a player may have on its way. */
const UNREAD_PLAYING = 32 * 1024 * 1024

/** One client's connection: cuts its bytes into requests, has them answered one by one, and watches its time limits. */
export class ServerConnection implements InterleavedLink {
  readonly server: RtspServer
  readonly stream: Duplex
  readonly address: ConnectionAddress
  /** Sessions that were set up here. */
  readonly sessions = new Set<ServerSession>()
  /** Who was let in last, where somebody asks. */
  visitor: Visitor | undefined
  readonly #aborter = new AbortController()
  readonly #parser: RtspStreamParser
  readonly #onClose: () => void
  readonly #waiting: RtspRequest[] = []
  readonly #stall = new StallWatch()
  #described: Described | undefined
  readonly #opening: OpeningBytes | undefined
  #answering = false
  #closed = false
  /** Monotonic milliseconds of the last whole request. */
  #lastRequest: number
  /** Since when an unfinished request or packet is coming in. */
  #partialSince: number | undefined
  /** Whole requests and packets so far. */
  #units = 0

  constructor(server: RtspServer, stream: Duplex, address: ConnectionAddress, onClose: () => void) {
    this.server = server
    this.stream = stream
    this.address = address
    this.#onClose = onClose
    const { handler, clock } = server.options
    this.#opening = handler.divert && new OpeningBytes()
    this.#lastRequest = clock.monotonic()
    this.#parser = new RtspStreamParser(
      {
        message: message => this.#message(message),
        interleaved: (buffer, start, end, channel) => this.#interleaved(buffer, start, end, channel),
        malformed: reason => this.#malformed(reason),
      },
      STREAM_LIMITS,
    )
    stream.on('data', this.#onData)
    stream.on('drain', this.#onDrain)
    stream.on('end', this.#onEnd)
    stream.on('close', this.#onEnd)
    // Stays for good: without a listener a connection reset would end the process.
    stream.on('error', () => {})
  }

  /** Aborts when the connection is gone. */
  get signal(): AbortSignal {
    return this.#aborter.signal
  }

  get closed(): boolean {
    return this.#closed
  }

  get secure(): boolean {
    return this.address.secure === true
  }

  get pending(): number {
    return this.stream.writableLength
  }

  get described(): Described | undefined {
    return this.#described
  }

  /** Replaces what the last DESCRIBE found, which is released. */
  set described(described: Described | undefined) {
    this.#described?.hold.release()
    this.#described = described
  }

  write(bytes: Buffer): void {
    if (this.#closed) return
    this.#stall.wrote(bytes.length)
    this.stream.write(bytes)
  }

  /** Ends the connection and its interleaved sessions at once. `reason` is for the log. */
  close(reason: string): void {
    if (this.#closed) return
    this.#letGo(reason)
    this.stream.destroy()
  }

  /** Ends the connection after what was written has gone out. */
  end(reason: string): void {
    if (this.#closed) return
    this.#letGo(reason)
    this.stream.end()
    this.server.options.clock.after(1_000, () => this.stream.destroy()).unref()
  }

  /** Looks at the time limits; `now` is monotonic milliseconds. */
  sweep(now: number): void {
    const { limits } = this.server
    if (this.#stall.stalledFor(this.pending, now) > limits.stallTime) return this.close('client does not read')
    if (this.#partialSince !== undefined && now - this.#partialSince > limits.requestTime)
      return this.close('request not finished in time')
    if (!this.#answering && !this.#playing && now - this.#lastRequest > limits.idleTime) this.close('idle')
  }

  get #playing(): boolean {
    for (const session of this.sessions) if (session.player) return true
    return false
  }

  readonly #onData = (chunk: Buffer): void => {
    const units = this.#units
    const opening = this.#opening
    if (opening && !opening.decided) opening.read(chunk, bytes => this.#parser.push(bytes))
    else this.#parser.push(chunk)
    if (this.#closed) return
    if (opening && opening.received.length > MAX_OPENING) return this.close('no request in what it sends')
    if (!this.#parser.partial) this.#partialSince = undefined
    else if (this.#partialSince === undefined || units !== this.#units)
      this.#partialSince = this.server.options.clock.monotonic()
    if (this.pending > (this.#playing ? UNREAD_PLAYING : UNREAD)) this.stream.pause()
  }

  readonly #onDrain = (): void => {
    if (!this.#closed) this.stream.resume()
  }

  readonly #onEnd = (): void => this.close('client left')

  /** True when the request sends the connection elsewhere. */
  #diverted(request: RtspRequest, opening: OpeningBytes): boolean {
    const target = parseTarget(request.uri)
    if (!target) {
      opening.passOver()
      return false
    }
    const { received } = opening
    opening.decide()
    if (!this.server.options.handler.divert?.(target, this.stream, received, this.address)) return false
    this.#letGo('diverted')
    return true
  }

  #message(message: RtspMessage): void {
    this.#units++
    if (message.type !== 'request') return
    this.#lastRequest = this.server.options.clock.monotonic()
    const opening = this.#opening
    if (opening && !opening.decided && this.#diverted(message, opening)) return
    if (this.#waiting.length >= MAX_WAITING) return this.close('too many requests at once')
    this.#waiting.push(message)
    if (!this.#answering) void this.#answerWaiting()
  }

  async #answerWaiting(): Promise<void> {
    this.#answering = true
    for (let next = this.#waiting.shift(); next && !this.#closed; next = this.#waiting.shift())
      await answerRequest(this, next)
    this.#answering = false
  }

  #interleaved(buffer: Buffer, start: number, end: number, channel: number): void {
    this.#units++
    for (const session of this.sessions) if (session.receive(channel, buffer, start, end)) return
  }

  #malformed(reason: string): void {
    this.write(Buffer.from('RTSP/1.0 400 Bad Request\r\nConnection: close\r\n\r\n'))
    this.end(`bad bytes: ${reason}`)
  }

  /** Forgets the stream without closing it. Sessions over UDP live on until their time is up. */
  #letGo(reason: string): void {
    this.#closed = true
    this.#parser.stop()
    this.#waiting.length = 0
    this.stream.off('data', this.#onData).off('drain', this.#onDrain).off('end', this.#onEnd).off('close', this.#onEnd)
    this.#aborter.abort()
    this.described = undefined
    for (const session of [...this.sessions]) {
      if (session.udp) session.orphaned = true
      else session.end(reason)
    }
    this.#onClose()
  }
}
