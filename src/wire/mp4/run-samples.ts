import type { Mp4Sample } from './types.ts'

/** Numbers that are kept of a sample. */
const FIELDS = 4
/** Samples that there is room for at first. */
const ROOM = 32

/**
 * The samples of a run, in decoding order, as numbers in one array: as objects they would be most of what a recorder leaves to the
 * garbage collector, for they live just long enough to be moved about before they die. Can be cleared and filled again.
 */
export class RunSamples {
  length = 0
  #numbers = new Float64Array(ROOM * FIELDS)

  static of(samples: Iterable<Mp4Sample>): RunSamples {
    const all = new RunSamples()
    for (const { size, duration, compositionOffset, key } of samples) all.add(size, duration, compositionOffset, key)
    return all
  }

  /** For what the numbers mean, see {@link Mp4Sample}. */
  add(size: number, duration: number, compositionOffset: number, key: boolean): void {
    const at = this.length * FIELDS
    if (at === this.#numbers.length) {
      const more = new Float64Array(at * 2)
      more.set(this.#numbers)
      this.#numbers = more
    }
    const numbers = this.#numbers
    numbers[at] = size
    numbers[at + 1] = duration
    numbers[at + 2] = compositionOffset
    numbers[at + 3] = key ? 1 : 0
    this.length++
  }

  size(index: number): number {
    return this.#numbers[index * FIELDS]!
  }

  duration(index: number): number {
    return this.#numbers[index * FIELDS + 1]!
  }

  setDuration(index: number, ticks: number): void {
    this.#numbers[index * FIELDS + 1] = ticks
  }

  compositionOffset(index: number): number {
    return this.#numbers[index * FIELDS + 2]!
  }

  key(index: number): boolean {
    return this.#numbers[index * FIELDS + 3] === 1
  }

  /** Forgets the first `count`. */
  skip(count: number): void {
    this.#numbers.copyWithin(0, count * FIELDS, this.length * FIELDS)
    this.length -= count
  }

  clear(): void {
    this.length = 0
  }
}
