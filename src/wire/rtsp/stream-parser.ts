import type { RtspMessage } from './message.ts'
import { parseHead, type RtspHead, withBody } from './parse-head.ts'
import { isStartByte, StartLineCheck } from './start-line-check.ts'

/** Takes what a {@link RtspStreamParser} finds. All calls come synchronously from inside `push`. */
export interface RtspStreamHandler {
  /**
   * One interleaved packet (RFC 2326 section 10.12), its RTP or RTCP bytes in `buffer[start, end)`, good only during the
   * call. `buffer` is the chunk itself wherever the packet lies whole in it.
   */
  interleaved(buffer: Buffer, start: number, end: number, channel: number): void
  message(message: RtspMessage): void
  /** Bytes were skipped or a message was unreadable. After a fatal one the parser ignores everything: close the connection. */
  malformed(reason: string, fatal: boolean): void
}

/** Upper bounds of what a peer may send. */
export interface RtspStreamLimits {
  /** Bytes of start line and headers; 64 KB by default. */
  readonly head: number
  /** Header lines; 128 by default. */
  readonly lines: number
  /** Bytes of a body; 1 MB by default. */
  readonly body: number
  /** Bytes in a row that belong to nothing before the parser gives up; 256 KB by default. */
  readonly junk: number
}

export const DEFAULT_STREAM_LIMITS: RtspStreamLimits = { head: 65_536, lines: 128, body: 1_000_000, junk: 262_144 }

const DOLLAR = 0x24
const LF = 0x0a
const CR = 0x0d
const TAB = 0x09
const LETTER_R = 0x52

/** The start of a response line that ends a run of junk. */
const RESYNC = Buffer.from('RTSP/1.')
/** A carry buffer that a message made larger than this is given back after it. */
const CARRY_KEPT = 8_192
const CARRY_FIRST = 2_048

type State = 'between' | 'packet' | 'head' | 'body' | 'junk' | 'dead'

/**
 * Cuts the bytes of one RTSP connection, client's or server's side, into interleaved packets and messages. Packets that
 * lie whole in a chunk are handed on in place; what a chunk leaves unfinished is kept in a small buffer of the parser and
 * completed from the next. Cost is linear in the bytes, however they are cut. Bytes that belong to nothing are skipped up
 * to the next packet of a known channel or the next response, which is reported once. Never throws of its own.
 */
export class RtspStreamParser {
  readonly #handler: RtspStreamHandler
  readonly #limits: RtspStreamLimits
  #state: State = 'between'
  #carry: Buffer | undefined
  #carried = 0
  #head: RtspHead | undefined
  /** Of the header block in hand: finished lines, and bytes of the line that is not. */
  #lines = 0
  #lineLength = 0
  readonly #startLine = new StartLineCheck()
  #junk = 0
  /**
   * Channels 0 to `channels` - 1 are in use; 256 means that any may be. After junk a packet must have one of them, so set it
   * when the tracks are set up.
   */
  channels = 256

  constructor(handler: RtspStreamHandler, limits: Partial<RtspStreamLimits> = {}) {
    this.#handler = handler
    this.#limits = { ...DEFAULT_STREAM_LIMITS, ...limits }
  }

  /** A packet or message has begun and is not complete yet. */
  get partial(): boolean {
    return this.#state !== 'between' && this.#state !== 'dead'
  }

  /** Takes the first `length` bytes of `chunk`, which may be overwritten after the call. */
  push(chunk: Buffer, length = chunk.length): void {
    let at = 0
    while (at < length) {
      if (this.#state === 'between') at = this.#packets(chunk, at, length)
      else if (this.#state === 'packet') at = this.#finishPacket(chunk, at, length)
      else if (this.#state === 'head') at = this.#readHead(chunk, at, length)
      else if (this.#state === 'body') at = this.#readBody(chunk, at, length)
      else if (this.#state === 'junk') at = this.#skipJunk(chunk, at, length)
      else return
    }
  }

  /** Ignores everything from now on; allowed from inside a handler. */
  stop(): void {
    this.#state = 'dead'
    this.#carry = undefined
    this.#carried = 0
  }

  /** The hot path: packet after packet, in place. */
  #packets(chunk: Buffer, from: number, length: number): number {
    let at = from
    while (at < length) {
      if (chunk[at] !== DOLLAR) return this.#begin(chunk[at]!, at)
      const end = length - at < 4 ? length + 1 : at + 4 + ((chunk[at + 2]! << 8) | chunk[at + 3]!)
      if (end > length) {
        this.#state = 'packet'
        return this.#finishPacket(chunk, at, length)
      }
      this.#handler.interleaved(chunk, at + 4, end, chunk[at + 1]!)
      at = end
      if (this.#state !== 'between') return at
    }
    return at
  }

  #begin(byte: number, at: number): number {
    // Empty lines between messages are allowed; some servers end a message with the NUL of their string.
    if (byte === CR || byte === LF || byte === 0 || byte === 0x20) return at + 1
    this.#lines = 0
    this.#lineLength = 0
    this.#startLine.reset()
    if (isStartByte(byte)) this.#state = 'head'
    else {
      this.#state = 'junk'
      this.#junk = 0
    }
    return at
  }

  #finishPacket(chunk: Buffer, from: number, length: number): number {
    let at = from
    if (this.#carried < 4) {
      const take = Math.min(4 - this.#carried, length - at)
      this.#keep(chunk, at, at + take, 4)
      at += take
      if (this.#carried < 4) return at
    }
    const size = 4 + this.#carry!.readUInt16BE(2)
    const take = Math.min(size - this.#carried, length - at)
    const carry = this.#keep(chunk, at, at + take, size)
    if (this.#carried === size) {
      this.#state = 'between'
      this.#carried = 0
      this.#handler.interleaved(carry, 4, size, carry[1]!)
    }
    return at + take
  }

  #readHead(chunk: Buffer, from: number, length: number): number {
    for (let at = from; at < length; at++) {
      const byte = chunk[at]!
      if (byte === LF) {
        if (this.#lineLength === 0) return this.#headEnds(chunk, from, at + 1)
        this.#lineLength = 0
        if (++this.#lines > this.#limits.lines + 1) return this.#fail('too many header lines', length)
      } else if (byte !== CR) {
        this.#lineLength++
        const plausible = byte >= 0x20 || byte === TAB
        if (!plausible || (this.#lines === 0 && !this.#startLine.accepts(byte))) {
          // Not a message after all. The byte itself may begin something real.
          this.#state = 'junk'
          this.#junk = this.#carried + at - from
          this.#carried = 0
          return at
        }
      }
      if (this.#carried + at - from >= this.#limits.head) return this.#fail('a header block without end', length)
    }
    this.#keep(chunk, from, length, 0)
    return length
  }

  #headEnds(chunk: Buffer, from: number, end: number): number {
    const carry = this.#keep(chunk, from, end, 0)
    const head = parseHead(carry.toString('latin1', 0, this.#carried))
    this.#carried = 0
    this.#state = 'between'
    if ('fault' in head) {
      if (head.fatal) return this.#fail(head.fault, end)
      this.#handler.malformed(head.fault, false)
    } else if (head.contentLength > this.#limits.body) return this.#fail('a body over the limit', end)
    else if (head.contentLength > 0) {
      this.#head = head
      this.#state = 'body'
    } else this.#deliver(head, Buffer.alloc(0))
    return end
  }

  #readBody(chunk: Buffer, at: number, length: number): number {
    const head = this.#head!
    const take = Math.min(head.contentLength - this.#carried, length - at)
    const carry = this.#keep(chunk, at, at + take, 0)
    if (this.#carried === head.contentLength) {
      const body = Buffer.from(carry.subarray(0, this.#carried))
      this.#carried = 0
      this.#head = undefined
      this.#state = 'between'
      this.#deliver(head, body)
    }
    return at + take
  }

  #deliver(head: RtspHead, body: Buffer): void {
    if (this.#carry && this.#carry.length > CARRY_KEPT) this.#carry = undefined
    this.#handler.message(withBody(head, body))
  }

  /** Junk: the carry holds the beginning of what may be a packet or a response, at most six bytes. */
  #skipJunk(chunk: Buffer, from: number, length: number): number {
    for (let at = from; at < length; at++) {
      const byte = chunk[at]!
      if (this.#carried === 0 && byte !== DOLLAR && byte !== LETTER_R) this.#junk++
      else {
        this.#keep(chunk, at, at + 1, RESYNC.length)
        if (this.#resynced() || this.#state !== 'junk') return at + 1
      }
      if (this.#junk > this.#limits.junk) return this.#fail(`${this.#junk} bytes that are no RTSP`, length)
    }
    return length
  }

  /** Drops bytes from the carry's front until the rest may begin something; true when that is certain enough to go on. */
  #resynced(): boolean {
    const carry = this.#carry!
    while (this.#carried > 0 && !this.#mayBegin(carry)) {
      carry.copyWithin(0, 1, this.#carried)
      this.#carried--
      this.#junk++
    }
    if (carry[0] === DOLLAR ? this.#carried < 5 : this.#carried < RESYNC.length) return false
    if (carry[0] === DOLLAR) this.#state = 'packet'
    else {
      this.#state = 'head'
      this.#lines = 0
      this.#lineLength = this.#carried
      this.#startLine.reset()
      for (let i = 0; i < this.#carried; i++) this.#startLine.accepts(carry[i]!)
    }
    this.#handler.malformed(`skipped ${this.#junk} bytes that are no RTSP`, false)
    return true
  }

  #mayBegin(carry: Buffer): boolean {
    const size = this.#carried
    if (carry[0] !== DOLLAR) return carry.compare(RESYNC, 0, size, 0, size) === 0
    if (size > 1 && carry[1]! >= this.channels) return false
    // An RTCP packet has eight bytes at least; every RTP and RTCP packet begins with version 2 (RFC 3550).
    if (size > 3 && carry.readUInt16BE(2) < 8) return false
    return size <= 4 || carry[4]! >> 6 === 2
  }

  /** Appends `chunk[start, end)` to the carry, which then has room for `room` bytes at least. */
  #keep(chunk: Buffer, start: number, end: number, room: number): Buffer {
    const needed = Math.max(room, this.#carried + end - start)
    let carry = this.#carry
    if (!carry || carry.length < needed) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, carry ? carry.length * 2 : 0, CARRY_FIRST))
      carry?.copy(larger, 0, 0, this.#carried)
      this.#carry = carry = larger
    }
    chunk.copy(carry, this.#carried, start, end)
    this.#carried += end - start
    return carry
  }

  #fail(reason: string, end: number): number {
    this.stop()
    this.#handler.malformed(reason, true)
    return end
  }
}
