/**
 * Writes nested boxes (ISO/IEC 14496-12 section 4.2) into one growing buffer. For what is written once a file; fragment
 * headers have a faster way of their own.
 */
export class BoxWriter {
  #bytes = Buffer.alloc(2048)
  #length = 0

  get length(): number {
    return this.#length
  }

  /** Writes a box whose content `body` writes; its size is filled in afterwards. */
  box(type: string, body: () => void): void {
    const start = this.#length
    this.u32(0)
    this.text(type)
    body()
    this.#bytes.writeUInt32BE(this.#length - start, start)
  }

  /** A box with version and flags. */
  fullBox(type: string, version: number, flags: number, body: () => void): void {
    this.box(type, () => {
      this.u32(((version << 24) | flags) >>> 0)
      body()
    })
  }

  u8(value: number): void {
    this.#room(1)
    this.#length = this.#bytes.writeUInt8(value, this.#length)
  }

  u16(value: number): void {
    this.#room(2)
    this.#length = this.#bytes.writeUInt16BE(value, this.#length)
  }

  u32(value: number): void {
    this.#room(4)
    this.#length = this.#bytes.writeUInt32BE(value, this.#length)
  }

  /** Exact up to 2^53. */
  u64(value: number): void {
    this.#room(8)
    this.#length = this.#bytes.writeBigUInt64BE(BigInt(value), this.#length)
  }

  /** Numbers of 32 bits, one behind the other. */
  words(values: Uint32Array): void {
    this.#room(values.length * 4)
    for (let index = 0; index < values.length; index++) {
      this.#length = this.#bytes.writeUInt32BE(values[index]!, this.#length)
    }
  }

  zeros(count: number): void {
    this.#room(count)
    this.#bytes.fill(0, this.#length, this.#length + count)
    this.#length += count
  }

  /** ASCII without a terminator. */
  text(value: string): void {
    this.#room(value.length)
    this.#length += this.#bytes.write(value, this.#length, 'latin1')
  }

  bytes(value: Uint8Array): void {
    this.#room(value.length)
    this.#bytes.set(value, this.#length)
    this.#length += value.length
  }

  /** A copy of what was written. */
  finish(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#length))
  }

  #room(size: number): void {
    if (this.#length + size <= this.#bytes.length) return
    const larger = Buffer.alloc(Math.max(this.#bytes.length * 2, this.#length + size))
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
  }
}
