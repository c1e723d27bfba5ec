import type { Slab } from '../memory/slab.ts'
import type { Fragment } from './fragment.ts'

/** Counts the memory that fragments on their way to disk keep from being used again: whole slabs, each once. */
export class MemoryBudget {
  readonly limit: number
  readonly #holders = new Map<Slab, number>()
  #used = 0

  /** `limit`: bytes. */
  constructor(limit: number) {
    this.limit = limit
  }

  /** Bytes of slabs held. */
  get used(): number {
    return this.#used
  }

  get exceeded(): boolean {
    return this.#used > this.limit
  }

  hold(fragment: Fragment): void {
    for (const { ranges } of fragment.runs) {
      for (const { slab } of ranges) {
        const holders = this.#holders.get(slab) ?? 0
        if (holders === 0) this.#used += slab.bytes.length
        this.#holders.set(slab, holders + 1)
      }
    }
  }

  /** Takes a fragment out of the count, before it releases its memory. */
  free(fragment: Fragment): void {
    for (const { ranges } of fragment.runs) {
      for (const { slab } of ranges) {
        const holders = (this.#holders.get(slab) ?? 1) - 1
        if (holders > 0) {
          this.#holders.set(slab, holders)
          continue
        }
        if (this.#holders.delete(slab)) this.#used -= slab.bytes.length
      }
    }
  }
}
