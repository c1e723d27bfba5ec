/**
 * Reads bits, most significant first. Past the end every read gives 0 and `overrun` turns true, so that a parser checks
 * once, at its end. Never throws.
 */
export class BitReader {
  readonly #bytes: Uint8Array
  readonly #end: number
  #position: number
  overrun = false

  /** Reads `bytes[start, end)`. */
  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = bytes
    this.#position = start * 8
    this.#end = Math.min(end, bytes.length) * 8
  }

  /** Bits not yet read. */
  get left(): number {
    return Math.max(0, this.#end - this.#position)
  }

  flag(): boolean {
    return this.bits(1) === 1
  }

  /** An unsigned number of `count` bits, 0 to 32. */
  bits(count: number): number {
    if (count > this.#end - this.#position) {
      this.overrun = true
      this.#position = this.#end
      return 0
    }
    let value = 0
    let left = count
    while (left > 0) {
      const offset = this.#position & 7
      const take = Math.min(8 - offset, left)
      const byte = this.#bytes[this.#position >> 3]!
      value = value * 2 ** take + ((byte >> (8 - offset - take)) & ((1 << take) - 1))
      this.#position += take
      left -= take
    }
    return value
  }

  skip(count: number): void {
    if (count > this.#end - this.#position) {
      this.overrun = true
      this.#position = this.#end
    } else {
      this.#position += count
    }
  }

  /** Exp-Golomb, unsigned: ue(v) of ITU-T H.264 section 9.1. A code of more than 32 leading zeros is an overrun. */
  unsigned(): number {
    let zeros = 0
    while (zeros <= 32 && !this.flag()) {
      if (this.overrun) return 0
      zeros++
    }
    if (zeros > 32) {
      this.overrun = true
      return 0
    }
    return 2 ** zeros - 1 + this.bits(zeros)
  }

  /** Exp-Golomb, signed: se(v). */
  signed(): number {
    const code = this.unsigned()
    return code % 2 === 1 ? (code + 1) / 2 : code === 0 ? 0 : -code / 2
  }
}
