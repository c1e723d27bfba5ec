/** Bytes of the first allocation; an ordinary packet fits. */
const FIRST = 2_048
/** A buffer that grew beyond this is given back when it is emptied by `shrink`. */
const KEPT = 8_192

/**
 * What one chunk of a stream left unfinished. Allocated when first needed, reused afterwards, and grown by doubling, so that
 * bytes which come one at a time cost no more than a whole chunk, and a peer that announces much and sends little costs little.
 */
export class CarryBuffer {
  bytes: Buffer = EMPTY
  length = 0

  /** Appends `chunk[start, end)`; there is room for `room` bytes in all afterwards. */
  append(chunk: Buffer, start: number, end: number, room = 0): void {
    const needed = Math.max(room, this.length + end - start)
    if (this.bytes.length < needed) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2, FIRST))
      this.bytes.copy(larger, 0, 0, this.length)
      this.bytes = larger
    }
    chunk.copy(this.bytes, this.length, start, end)
    this.length += end - start
  }

  /** Drops the first byte. For a few bytes only: the rest moves. */
  dropFirst(): void {
    this.bytes.copyWithin(0, 1, this.length)
    this.length--
  }

  /** Empties it, and gives memory back that only a large message needed. */
  shrink(): void {
    this.length = 0
    if (this.bytes.length > KEPT) this.bytes = EMPTY
  }
}

const EMPTY = Buffer.alloc(0)
