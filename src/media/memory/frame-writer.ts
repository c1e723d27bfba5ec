import { Buffer } from 'node:buffer'
import type { AccessUnitBuffer } from '../../wire/rtp/depacketizer.ts'
import { SLAB_SIZE, type Slab, type SlabPool } from './slab.ts'

/** Bytes that one access unit may have; a camera that sends more is broken or hostile. 8K intra frames stay below. */
const MAX_ACCESS_UNIT = 16 * 1024 * 1024

/** A finished piece of a slab. The taker holds one reference to the slab. */
export interface SlabRange {
  readonly slab: Slab
  readonly start: number
  readonly end: number
}

/**
 * The slab in which one track's frames are being written. Frames are whole: one that outgrows its slab moves, with what
 * it has, to the next.
 */
export class FrameWriter implements AccessUnitBuffer {
  readonly #pool: SlabPool
  #slab: Slab
  #start = 0
  #end = 0
  /** More bytes came than an access unit may have: the rest is not stored, and `take` gives nothing. */
  overflowed = false

  constructor(pool: SlabPool) {
    this.#pool = pool
    this.#slab = pool.take(SLAB_SIZE)
  }

  get length(): number {
    return this.#end - this.#start
  }

  append(source: Uint8Array, start: number, end: number): void {
    const size = end - start
    if (!this.#room(size)) return
    if (Buffer.isBuffer(source)) source.copy(this.#slab.bytes, this.#end, start, end)
    else this.#slab.bytes.set(source.subarray(start, end), this.#end)
    this.#end += size
  }

  appendUint8(value: number): void {
    if (!this.#room(1)) return
    this.#slab.bytes[this.#end++] = value
  }

  appendUint32(value: number): void {
    if (!this.#room(4)) return
    this.#end += 4
    this.setUint32(this.length - 4, value)
  }

  setUint32(offset: number, value: number): void {
    const { bytes } = this.#slab
    const at = this.#start + offset
    if (at + 4 > this.#end) return
    bytes[at] = value >>> 24
    bytes[at + 1] = value >>> 16
    bytes[at + 2] = value >>> 8
    bytes[at + 3] = value
  }

  truncate(length: number): void {
    this.#end = Math.min(this.#end, this.#start + length)
    if (length === 0) this.overflowed = false
  }

  view(start: number, end: number): Uint8Array {
    return this.#slab.bytes.subarray(this.#start + start, Math.min(this.#start + end, this.#end))
  }

  /** Ends the frame: its place, with one reference to the slab, or undefined when there is none or it was too large. */
  take(): SlabRange | undefined {
    if (this.overflowed || this.length === 0) {
      this.truncate(0)
      return undefined
    }
    const range = { slab: this.#slab, start: this.#start, end: this.#end }
    this.#slab.retain()
    this.#start = this.#end
    return range
  }

  /** Gives the memory back; the writer must not be used afterwards. */
  close(): void {
    this.#slab.release()
  }

  #room(size: number): boolean {
    if (this.overflowed) return false
    if (this.#end + size <= this.#slab.bytes.length) return true
    const length = this.length
    if (length + size > MAX_ACCESS_UNIT) {
      this.overflowed = true
      return false
    }
    // Double what the frame has, so that a frame of many packets moves a few times only.
    const next = this.#pool.take(Math.min(MAX_ACCESS_UNIT, Math.max(SLAB_SIZE, (length + size) * 2)))
    this.#slab.bytes.copy(next.bytes, 0, this.#start, this.#end)
    this.#slab.release()
    this.#slab = next
    this.#start = 0
    this.#end = length
    return true
  }
}
