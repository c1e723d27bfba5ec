/** Milliseconds by which two clocks must part at once to count as a step; what is slower is drift. */
const CLOCK_STEP = 1_000

/** Milliseconds of arrivals over which the least delay is taken: longer than a camera's bursts are apart. */
const WINDOW = 2_000
/** Windows in a row that must agree on a new delay: congestion grows and drains, a step stays. */
const SETTLED = 3
/** Milliseconds by which such windows may differ. */
const AGREEMENT = 500
/** Share of the difference by which the usual delay follows each window; follows a drift of 1 % with 100 ms. */
const FOLLOW = 0.2
/** Milliseconds between two steps of the camera's clock that are believed: never a loop of cuts. */
const PAUSE = 60_000

/**
 * Notices when wall clock and media time part suddenly, so that a segment's name and times stay true. Two ways:
 * our own clock was set (wall against monotonic time, exact and at once), or the camera's media time moved against our
 * monotonic time (the least delay of several windows settles more than a second from what was usual). Frames that come late
 * or in bursts are neither, nor is drift.
 */
export class ClockWatch {
  /** Wall minus monotonic time. */
  #skew: number | undefined
  #usual: number | undefined
  #windowStart = 0
  #least = Number.POSITIVE_INFINITY
  #strange: number[] = []
  #quietUntil = Number.NEGATIVE_INFINITY

  /** A new session: its media time starts anew. */
  session(): void {
    this.#usual = undefined
    this.#least = Number.POSITIVE_INFINITY
    this.#strange = []
  }

  /**
   * One frame of the leading track: its media time, when it arrived by the wall clock, and both clocks now, all in
   * milliseconds. True when a step was found.
   */
  frame(media: number, arrived: number, wall: number, monotonic: number): boolean {
    const skew = wall - monotonic
    const before = this.#skew ?? skew
    this.#skew = skew
    // Arrival times of the window in hand are by the old clock: throw it away.
    if (Math.abs(skew - before) > CLOCK_STEP) {
      this.#least = Number.POSITIVE_INFINITY
      this.#windowStart = monotonic
      return true
    }
    if (this.#least === Number.POSITIVE_INFINITY) this.#windowStart = monotonic
    const delay = arrived - skew - media
    if (delay < this.#least) this.#least = delay
    if (monotonic - this.#windowStart < WINDOW) return false
    const least = this.#least
    this.#least = Number.POSITIVE_INFINITY
    return this.#window(least, monotonic)
  }

  #window(least: number, monotonic: number): boolean {
    this.#usual ??= least
    if (Math.abs(least - this.#usual) <= CLOCK_STEP) {
      this.#usual += (least - this.#usual) * FOLLOW
      this.#strange = []
      return false
    }
    this.#strange.push(least)
    if (this.#strange.length > SETTLED) this.#strange.shift()
    if (this.#strange.length < SETTLED) return false
    if (Math.max(...this.#strange) - Math.min(...this.#strange) > AGREEMENT) return false
    this.#usual = least
    this.#strange = []
    if (monotonic < this.#quietUntil) return false
    this.#quietUntil = monotonic + PAUSE
    return true
  }
}
