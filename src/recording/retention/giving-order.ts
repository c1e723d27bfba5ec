import type { GivingPolicy } from '../../config/types.ts'

/** Footage of a camera, oldest first: what can be given, and what the order of cameras depends on. */
export interface Giver<S extends { readonly start: number }> {
  readonly footage: { readonly priority: number }
  /** Milliseconds recorded that remain. */
  readonly recorded: number
  /** The oldest that ended at `limit` (wall-clock milliseconds) or before; it stays. */
  peek(limit: number): S | undefined
  /** Takes what `peek` gave. */
  take(segment: S): void
}

interface Standing {
  readonly giver: { readonly footage: { readonly priority: number }; readonly recorded: number }
  readonly head: { readonly start: number }
}

type Comparison = (one: Standing, other: Standing) => number

const byAge: Comparison = (one, other) => one.head.start - other.head.start

const COMPARISONS: Readonly<Record<GivingPolicy, Comparison>> = {
  'oldest-first': byAge,
  'by-priority': (one, other) => one.giver.footage.priority - other.giver.footage.priority || byAge(one, other),
  'fair-by-days': (one, other) => other.giver.recorded - one.giver.recorded || byAge(one, other),
}

/** Sorts cameras that give: who gives first stands first. */
export function byPolicy(policy: GivingPolicy): Comparison {
  return COMPARISONS[policy]
}

/** Which camera gives next, segment after segment: a heap of those that have something to give. */
export class GivingOrder<S extends { readonly start: number }, G extends Giver<S>> {
  readonly #heap: { readonly giver: G; readonly head: S }[] = []
  readonly #compare: Comparison
  readonly #limitOf: (giver: G) => number

  /** `limitOf`: what of a camera ended later (wall-clock milliseconds) is not given. */
  constructor(givers: Iterable<G>, policy: GivingPolicy, limitOf: (giver: G) => number) {
    this.#compare = byPolicy(policy)
    this.#limitOf = limitOf
    for (const giver of givers) this.#offer(giver)
  }

  /** What goes next, taken from its camera; undefined when nothing is left to give. */
  take(): { readonly giver: G; readonly segment: S } | undefined {
    const first = this.#heap[0]
    if (!first) return undefined
    const last = this.#heap.pop()!
    if (this.#heap.length > 0) {
      this.#heap[0] = last
      this.#sink()
    }
    const { giver, head: segment } = first
    giver.take(segment)
    this.#offer(giver)
    return { giver, segment }
  }

  #offer(giver: G): void {
    const head = giver.peek(this.#limitOf(giver))
    if (!head) return
    const heap = this.#heap
    const entry = { giver, head }
    let at = heap.length
    heap.push(entry)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (this.#compare(heap[parent]!, entry) <= 0) break
      heap[at] = heap[parent]!
      heap[parent] = entry
      at = parent
    }
  }

  #sink(): void {
    const heap = this.#heap
    const entry = heap[0]!
    for (let at = 0; ; ) {
      let child = 2 * at + 1
      if (child >= heap.length) return
      if (child + 1 < heap.length && this.#compare(heap[child + 1]!, heap[child]!) < 0) child++
      if (this.#compare(entry, heap[child]!) <= 0) return
      heap[at] = heap[child]!
      heap[child] = entry
      at = child
    }
  }
}
