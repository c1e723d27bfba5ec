import { CarryBuffer } from './carry-buffer.ts'
import { parseHead, type RtspHead, withBody } from './parse-head.ts'
import { isStartByte, StartLineCheck } from './start-line-check.ts'
import { DEFAULT_STREAM_LIMITS, type RtspStreamHandler, type RtspStreamLimits } from './stream-handler.ts'

const DOLLAR = 0x24
const LF = 0x0a
const CR = 0x0d
const TAB = 0x09
const SPACE = 0x20
const LETTER_R = 0x52
/** The start of a response line that ends a run of junk. */
const RESYNC = Buffer.from('RTSP/1.')

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
  readonly #carry = new CarryBuffer()
  #head: RtspHead | undefined
  /** Of the header block in hand: finished lines, and bytes of the line that is not. */
  #lines = 0
  #lineLength = 0
  readonly #startLine = new StartLineCheck()
  /** Bytes skipped so far in this run of junk. */
  #junk = 0
  /**
   * Channels 0 to `channels` - 1 are in use; 256 means that any may be. Packets of other channels must look like RTP to be
   * taken, and after junk are not taken at all. Set it when the tracks are set up.
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
  }

  /** The hot path: packet after packet, in place. */
  #packets(chunk: Buffer, from: number, length: number): number {
    let at = from
    while (at < length) {
      if (chunk[at] !== DOLLAR) return this.#begin(chunk[at]!, at)
      const end = length - at < 4 ? length + 1 : at + 4 + ((chunk[at + 2]! << 8) | chunk[at + 3]!)
      if (end > length || chunk[at + 1]! >= this.channels) {
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
    if (byte === CR || byte === LF || byte === SPACE || byte === 0) return at + 1
    if (isStartByte(byte)) this.#beginHead()
    else this.#beginJunk(0)
    return at
  }

  #beginHead(): void {
    this.#state = 'head'
    this.#lines = 0
    this.#lineLength = 0
    this.#startLine.reset()
  }

  #beginJunk(skipped: number): void {
    this.#state = 'junk'
    this.#junk = skipped
  }

  #finishPacket(chunk: Buffer, from: number, length: number): number {
    const carry = this.#carry
    let at = from
    if (carry.length < 4) {
      const take = Math.min(4 - carry.length, length - at)
      carry.append(chunk, at, at + take)
      at += take
      if (carry.length < 4) return at
      if (carry.bytes[1]! >= this.channels) {
        // Nobody asked for that channel. Looked at like junk, and taken at once if it turns out to be RTP.
        this.#beginJunk(0)
        return at
      }
    }
    const size = 4 + carry.bytes.readUInt16BE(2)
    const take = Math.min(size - carry.length, length - at)
    carry.append(chunk, at, at + take, size)
    if (carry.length === size) {
      this.#state = 'between'
      carry.length = 0
      this.#handler.interleaved(carry.bytes, 4, size, carry.bytes[1]!)
    }
    return at + take
  }

  #readHead(chunk: Buffer, from: number, length: number): number {
    const carry = this.#carry
    for (let at = from; at < length; at++) {
      const byte = chunk[at]!
      if (byte === LF) {
        if (this.#lineLength === 0) return this.#headEnds(chunk, from, at + 1)
        this.#lineLength = 0
        if (++this.#lines > this.#limits.lines + 1) return this.#fail('too many header lines', length)
      } else if (byte !== CR) {
        this.#lineLength++
        const plausible = byte >= SPACE || byte === TAB
        if (!plausible || (this.#lines === 0 && !this.#startLine.accepts(byte))) {
          // Not a message after all. The byte itself may begin something real.
          this.#beginJunk(carry.length + at - from)
          carry.length = 0
          return at
        }
      }
      if (carry.length + at - from >= this.#limits.head) return this.#fail('a header block without end', length)
    }
    carry.append(chunk, from, length)
    return length
  }

  #headEnds(chunk: Buffer, from: number, end: number): number {
    const carry = this.#carry
    carry.append(chunk, from, end)
    const head = parseHead(carry.bytes.toString('latin1', 0, carry.length))
    carry.length = 0
    this.#state = 'between'
    if ('fault' in head) {
      if (head.fatal) return this.#fail(head.fault, end)
      this.#handler.malformed(head.fault, false)
    } else if (head.contentLength > this.#limits.body) return this.#fail('a body over the limit', end)
    else if (head.contentLength > 0) {
      this.#head = head
      this.#state = 'body'
    } else {
      carry.shrink()
      this.#handler.message(withBody(head, Buffer.alloc(0)))
    }
    return end
  }

  #readBody(chunk: Buffer, at: number, length: number): number {
    const carry = this.#carry
    const head = this.#head!
    const take = Math.min(head.contentLength - carry.length, length - at)
    carry.append(chunk, at, at + take)
    if (carry.length === head.contentLength) {
      const body = Buffer.from(carry.bytes.subarray(0, carry.length))
      carry.shrink()
      this.#head = undefined
      this.#state = 'between'
      this.#handler.message(withBody(head, body))
    }
    return at + take
  }

  /** Junk: the carry holds the beginning of what may be a packet or a response, at most six bytes. */
  #skipJunk(chunk: Buffer, from: number, length: number): number {
    const carry = this.#carry
    for (let at = from; at < length; at++) {
      const byte = chunk[at]!
      if (carry.length === 0 && byte !== DOLLAR && byte !== LETTER_R) this.#junk++
      else {
        carry.append(chunk, at, at + 1)
        while (carry.length > 0 && !this.#mayBegin()) {
          carry.dropFirst()
          this.#junk++
        }
        const certain = carry.bytes[0] === DOLLAR ? 5 : RESYNC.length
        if (carry.length >= certain) {
          this.#resume()
          return at + 1
        }
      }
      if (this.#junk > this.#limits.junk) return this.#fail(`${this.#junk} bytes that are no RTSP`, length)
    }
    return length
  }

  /** Whether the carry is the beginning of a packet or a response. */
  #mayBegin(): boolean {
    const { bytes, length } = this.#carry
    if (bytes[0] !== DOLLAR) return bytes.compare(RESYNC, 0, length, 0, length) === 0
    if (length > 1 && bytes[1]! >= this.channels && this.#junk > 0) return false
    // An RTCP packet has eight bytes at least; every RTP and RTCP packet begins with version 2 (RFC 3550).
    if (length > 3 && bytes.readUInt16BE(2) < 8) return false
    return length <= 4 || bytes[4]! >> 6 === 2
  }

  /** Goes on with what the carry has begun. */
  #resume(): void {
    const { bytes, length } = this.#carry
    if (bytes[0] === DOLLAR) this.#state = 'packet'
    else {
      this.#beginHead()
      for (let i = 0; i < length; i++) this.#startLine.accepts(bytes[i]!)
      this.#lineLength = length
    }
    if (this.#junk > 0) this.#handler.malformed(`skipped ${this.#junk} bytes that are no RTSP`, false)
  }

  #fail(reason: string, end: number): number {
    this.#state = 'dead'
    this.#handler.malformed(reason, true)
    return end
  }
}
