import type { Duplex } from 'node:stream'
import { type RtspMessage, type RtspRequest, RtspStreamParser } from '../../wire/rtsp/index.ts'
import { answerRequest } from './answer-request.ts'
import type { PresentationHold } from './presentation-hold.ts'
import { parseTarget } from './request-target.ts'
import type { RtspServer } from './rtsp-server.ts'
import type { InterleavedLink, ServerSession } from './server-session.ts'
import { StallWatch } from './stall-watch.ts'
import type { ConnectionAddress, RequestTarget } from './types.ts'

/** A client has no reason to send more than this in one request. */
const STREAM_LIMITS = { head: 16_384, body: 16_384, junk: 4_096 }
/** Requests that may wait while one is being answered. */
const MAX_WAITING = 32
/** Bytes that a client may leave unread before its requests are not read either. */
const UNREAD = 65_536
/** The same while it plays: more than a player may have on its way. */
const UNREAD_PLAYING = 32 * 1024 * 1024

/** What the latest DESCRIBE of a connection found. */
export interface Described {
  readonly target: RequestTarget
  readonly hold: PresentationHold
}

/** One client's connection: cuts its bytes into requests, has them answered one by one, and watches its time limits. */
export class ServerConnection implements InterleavedLink {
  readonly server: RtspServer
  readonly stream: Duplex
  readonly address: ConnectionAddress
  /** Sessions that were set up here. */
  readonly sessions = new Set<ServerSession>()
  readonly #aborter = new AbortController()
  readonly #parser: RtspStreamParser
  readonly #onClose: () => void
  readonly #waiting: RtspRequest[] = []
  readonly #stall = new StallWatch()
  #described: Described | undefined
  /** All bytes since the start of the request that may send the connection elsewhere; undefined once that is decided. */
  #undecided: Buffer | undefined
  /** How many of those bytes the parser has had. */
  #parsed = 0
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
    this.#undecided = handler.divert ? Buffer.alloc(0) : undefined
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
    if (this.#undecided) this.#decide(this.#undecided, chunk)
    else this.#parser.push(chunk)
    if (this.#closed) return
    if (!this.#parser.partial) this.#partialSince = undefined
    else if (this.#partialSince === undefined || units !== this.#units)
      this.#partialSince = this.server.options.clock.monotonic()
    if (this.pending > (this.#playing ? UNREAD_PLAYING : UNREAD)) this.stream.pause()
  }

  readonly #onDrain = (): void => {
    if (!this.#closed) this.stream.resume()
  }

  readonly #onEnd = (): void => this.close('client left')

  /** Byte by byte, so that nothing behind the request that decides has been read when it is handed on. */
  #decide(before: Buffer, chunk: Buffer): void {
    this.#undecided = Buffer.concat([before, chunk])
    this.#parsed = before.length
    for (let at = 0; at < chunk.length && !this.#closed; at++) {
      if (!this.#undecided) return this.#parser.push(chunk.subarray(at))
      this.#parsed++
      this.#parser.push(chunk.subarray(at, at + 1))
    }
  }

  /** True when the request sends the connection elsewhere. */
  #diverted(request: RtspRequest, received: Buffer): boolean {
    const target = parseTarget(request.uri)
    if (!target) {
      this.#undecided = received.subarray(this.#parsed)
      this.#parsed = 0
      return false
    }
    this.#undecided = undefined
    if (!this.server.options.handler.divert?.(target, this.stream, received, this.address)) return false
    this.#letGo('diverted')
    return true
  }

  #message(message: RtspMessage): void {
    this.#units++
    if (message.type !== 'request') return
    this.#lastRequest = this.server.options.clock.monotonic()
    if (this.#undecided && this.#diverted(message, this.#undecided)) return
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
