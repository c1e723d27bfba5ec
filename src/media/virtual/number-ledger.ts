/** Frame numbers that were not found, both ends included, with the times of their neighbours. */
export interface Gap {
  first: number
  last: number
  /** Wall-clock milliseconds at which the frame before the gap was sent, and the one behind it. */
  before: number
  after: number
}

/** Gaps that are kept apart; what is missing beyond is only counted. */
const GAP_LIMIT = 100_000

/**
 * Takes frame numbers as they stand in recordings and finds what is missing, doubled and out of order, in memory that does
 * not grow with the frames.
 */
export class NumberLedger {
  /** Frames, doubled ones not counted. */
  frames = 0
  first = -1
  last = -1
  firstWall = 0
  lastWall = 0
  doubled = 0
  outOfOrder = 0
  /** Ascending. */
  readonly gaps: Gap[] = []
  /** Frames missing in gaps that were not kept. */
  uncharted = 0

  /** The next frame of the recordings, with the wall-clock milliseconds at which it was sent. */
  add(number: number, wall: number): void {
    if (this.first < 0) {
      this.first = number
      this.firstWall = wall
      this.#advance(number, wall)
    } else if (number === this.last + 1) {
      this.#advance(number, wall)
    } else if (number > this.last) {
      this.#miss({ first: this.last + 1, last: number - 1, before: this.lastWall, after: wall })
      this.#advance(number, wall)
    } else if (number < this.first) {
      this.outOfOrder++
      this.frames++
      if (number + 1 < this.first)
        this.gaps.unshift({ first: number + 1, last: this.first - 1, before: wall, after: this.firstWall })
      this.first = number
      this.firstWall = wall
    } else if (this.#fill(number, wall)) {
      this.outOfOrder++
      this.frames++
    } else this.doubled++
  }

  /** Frames missing between the first and the last. */
  get missing(): number {
    return this.first < 0 ? 0 : this.last - this.first + 1 - this.frames
  }

  #advance(number: number, wall: number): void {
    this.last = number
    this.lastWall = wall
    this.frames++
  }

  #miss(gap: Gap): void {
    if (this.gaps.length < GAP_LIMIT) this.gaps.push(gap)
    else this.uncharted += gap.last - gap.first + 1
  }

  /** Takes a number out of the gap that it is in; false when it is in none: it was there before. */
  #fill(number: number, wall: number): boolean {
    let low = 0
    let high = this.gaps.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.gaps[middle]!.last < number) low = middle + 1
      else high = middle
    }
    const gap = this.gaps[low]
    if (!gap || number < gap.first) return false
    const parts: Gap[] = []
    if (gap.first < number) parts.push({ ...gap, last: number - 1, after: wall })
    if (number < gap.last) parts.push({ ...gap, first: number + 1, before: wall })
    this.gaps.splice(low, 1, ...parts)
    return true
  }
}
