/**
 * What a connection sends until it is known to be served here. It is parsed byte by byte, so that nothing behind the
 * request that decides has been read when the connection is handed on, and kept, so that it can be handed on whole.
 */
export class OpeningBytes {
  #bytes: Buffer = Buffer.alloc(0)
  #parsed = 0
  #decided = false

  get decided(): boolean {
    return this.#decided
  }

  /** Everything since the start of the request that `parse` has just completed. */
  get received(): Buffer {
    return this.#bytes
  }

  /** Gives the bytes of `chunk` to `parse`: one at a time, and after a decision the rest at once. */
  read(chunk: Buffer, parse: (bytes: Buffer) => void): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk])
    for (let at = 0; at < chunk.length; at++) {
      if (this.#decided) return parse(chunk.subarray(at))
      this.#parsed++
      parse(chunk.subarray(at, at + 1))
    }
  }

  /** The request that has just been parsed decides nothing: it is answered here whoever gets the next. */
  passOver(): void {
    this.#bytes = this.#bytes.subarray(this.#parsed)
    this.#parsed = 0
  }

  /** The rest may be parsed as it comes. */
  decide(): void {
    this.#decided = true
    this.#bytes = Buffer.alloc(0)
  }
}
