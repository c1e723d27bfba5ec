import type { Frame } from '../frame.ts'
import type { Slab } from '../memory/slab.ts'

/** Numbers that are kept of a frame. */
const FIELDS = 8
/** Frames that a table has room for at first. */
const ROOM = 64

/**
 * Frames by their index, as numbers in one array. As objects they would be most of what the garbage collector has to look at and
 * to move about: 50 of each camera live at any time, each for seconds.
 */
export class FrameTable {
  length = 0
  #numbers = new Float64Array(ROOM * FIELDS)
  readonly #slabs: (Slab | undefined)[] = []

  add({ slab, start, end, track, pts, dts, key, arrived, number }: Frame): void {
    const at = this.length * FIELDS
    if (at === this.#numbers.length) {
      const more = new Float64Array(at * 2)
      more.set(this.#numbers)
      this.#numbers = more
    }
    const numbers = this.#numbers
    numbers[at] = start
    numbers[at + 1] = end
    numbers[at + 2] = track
    numbers[at + 3] = number
    numbers[at + 4] = pts
    numbers[at + 5] = dts
    numbers[at + 6] = arrived
    numbers[at + 7] = key ? 1 : 0
    this.#slabs[this.length++] = slab
  }

  size(index: number): number {
    return this.#numbers[index * FIELDS + 1]! - this.#numbers[index * FIELDS]!
  }

  track(index: number): number {
    return this.#numbers[index * FIELDS + 2]!
  }

  number(index: number): number {
    return this.#numbers[index * FIELDS + 3]!
  }

  slab(index: number): Slab {
    return this.#slabs[index]!
  }

  /** The frame lies elsewhere now. */
  move(index: number, slab: Slab, start: number): void {
    const size = this.size(index)
    this.#slabs[index] = slab
    this.#numbers[index * FIELDS] = start
    this.#numbers[index * FIELDS + 1] = start + size
  }

  frame(index: number): Frame {
    const [start, end, track, number, pts, dts, arrived, key] = this.#numbers.subarray(index * FIELDS)
    return {
      slab: this.#slabs[index]!,
      start: start!,
      end: end!,
      track: track!,
      pts: pts!,
      dts: dts!,
      key: key === 1,
      arrived: arrived!,
      number: number!,
    }
  }

  /** Forgets all frames, and keeps the room for as many. */
  clear(): void {
    this.#slabs.fill(undefined)
    this.length = 0
  }
}
