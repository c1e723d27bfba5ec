/** Numbers of 32 bits that grow in number, in one typed array: a sample table has millions. */
export class Words {
  #values: Uint32Array
  #length = 0

  constructor(room = 256) {
    this.#values = new Uint32Array(room)
  }

  get length(): number {
    return this.#length
  }

  /** The low 32 bits of `value` count. */
  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Uint32Array(this.#length * 2)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.#length++] = value
  }

  at(index: number): number {
    return this.#values[index]!
  }

  /** Adds one to what stands at `index`. */
  increment(index: number): void {
    this.#values[index]!++
  }

  /** What is in it; good until the next push. */
  view(): Uint32Array {
    return this.#values.subarray(0, this.#length)
  }
}
