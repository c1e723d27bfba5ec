import type { Interval } from '../types.ts'
import type { Giver } from './giving-order.ts'
import type { CameraFootage, Candidate } from './types.ts'

/** A stretch of footage of one density. */
interface Stretch {
  start: number
  end: number
  /** Bytes a millisecond. */
  readonly density: number
  readonly held: boolean
}

/** A piece of footage that goes. */
export interface Piece extends Interval {
  readonly bytes: number
}

/**
 * A camera's footage for a look ahead: what there is lies evenly over its time, what comes has the bit rate of now. Held
 * footage stays where it is, and its bytes are taken for good.
 */
export class FootageModel implements Giver<Piece> {
  readonly footage: CameraFootage<Candidate>
  bytes = 0
  recorded = 0
  /** What may go, oldest first. */
  readonly #stretches: Stretch[] = []
  readonly #holds: readonly Interval[]
  readonly #grain: number
  #first = 0

  /** `grain`: milliseconds of the pieces that it gives. */
  constructor(footage: CameraFootage<Candidate>, now: number, grain: number) {
    this.footage = footage
    this.#grain = grain
    this.#holds = [...footage.holds].sort((a, b) => a.start - b.start)
    const { extent } = footage
    if (extent) {
      const end = Math.max(extent.start + 1, Math.min(now, extent.end))
      this.#add(extent.start, end, footage.bytes / (end - extent.start))
      this.recorded = footage.recorded
    }
  }

  /** The camera records from `start` to `end`. Gives the bytes of it. */
  record(start: number, end: number): number {
    const before = this.bytes
    if (this.footage.rate) this.#add(start, end, this.footage.rate / 1_000)
    return this.bytes - before
  }

  /** All that is older goes. Gives its bytes. */
  expire(limit: number): number {
    const before = this.bytes
    for (let stretch = this.#head(); stretch && stretch.start < limit; stretch = this.#head())
      this.take(this.#piece(stretch, Math.min(stretch.end, limit)))
    return before - this.bytes
  }

  peek(limit: number): Piece | undefined {
    const stretch = this.#head()
    if (!stretch || stretch.start >= limit) return undefined
    return this.#piece(stretch, Math.min(stretch.end, limit, stretch.start + this.#grain))
  }

  take({ start, end, bytes }: Piece): void {
    const stretch = this.#head()!
    stretch.start = end
    this.bytes -= bytes
    this.recorded -= end - start
  }

  /** The oldest stretch that may go. */
  #head(): Stretch | undefined {
    for (;;) {
      const stretch = this.#stretches[this.#first]
      if (!stretch || (!stretch.held && stretch.end > stretch.start)) return stretch
      this.#first++
    }
  }

  #piece(stretch: Stretch, end: number): Piece {
    return { start: stretch.start, end, bytes: (end - stretch.start) * stretch.density }
  }

  #add(start: number, end: number, density: number): void {
    this.bytes += (end - start) * density
    this.recorded += end - start
    let at = start
    for (const hold of this.#holds) {
      if (hold.end <= at || hold.start >= end) continue
      if (hold.start > at) this.#append({ start: at, end: hold.start, density, held: false })
      const until = Math.min(hold.end, end)
      this.#append({ start: Math.max(at, hold.start), end: until, density, held: true })
      at = until
    }
    if (at < end) this.#append({ start: at, end, density, held: false })
  }

  #append(stretch: Stretch): void {
    const last = this.#stretches.at(-1)
    const goesOn = last?.end === stretch.start && last.held === stretch.held && last.density === stretch.density
    if (goesOn && this.#stretches.length > this.#first) last.end = stretch.end
    else this.#stretches.push(stretch)
  }
}
