/** Most frames of reordering that H.264 and H.265 allow. */
const MAX_REORDER = 16

/**
 * Decoding times of frames that come in decoding order with presentation times only, as RTP brings them. With a reorder
 * depth of D (so many frames overtake one another at most), frame number i is decoded at the (i - D)th smallest
 * presentation time: that is known when the frame arrives, so nothing waits. The first D frames lie a frame duration
 * apart before it.
 *
 * D comes from the SPS; where it says nothing, D begins at 0 and grows when a presentation time goes back. Decoding times
 * strictly increase always; a frame's presentation time can lie before them only around the moment where D grew.
 */
export class DecodeTimes {
  #depth: number
  /** The largest presentation times so far, ascending, MAX_REORDER + 1 at most. */
  readonly #newest: number[] = []
  #last = Number.NEGATIVE_INFINITY
  readonly #duration: number
  /**
   * The last frame's presentation time lies before all that are remembered: no reordering explains that, the sender's time
   * went back. The caller begins a new session.
   */
  wentBack = false

  /**
   * `depth`: reorder frames of the SPS, 0 to 16, or undefined to learn it. `duration`: ticks of a frame, 1 and more, for the
   * frames before any two were seen.
   */
  constructor(depth: number | undefined, duration: number) {
    this.#depth = Math.min(MAX_REORDER, Math.max(0, depth ?? 0))
    this.#duration = Math.max(1, Math.round(duration))
  }

  /** Frames that overtake one another, as known now. */
  get depth(): number {
    return this.#depth
  }

  /** The decoding time of the next frame, ticks like `pts`. */
  push(pts: number): number {
    const newest = this.#newest
    let at = newest.length
    while (at > 0 && newest[at - 1]! > pts) at--
    const overtaken = newest.length - at
    this.wentBack = at === 0 && newest.length > MAX_REORDER
    if (!this.wentBack) {
      if (overtaken > this.#depth) this.#depth = overtaken
      newest.splice(at, 0, pts)
      if (newest.length > MAX_REORDER + 1) newest.shift()
    }
    const ready = newest.length - 1 - this.#depth
    const wanted = ready >= 0 ? newest[ready]! : newest[0]! + ready * this.#duration
    // Where D has just grown, the frames that are now too many are squeezed into the time that is left.
    const dts = wanted > this.#last ? wanted : this.#last + Math.max(1, this.#duration >> 3)
    this.#last = dts
    return dts
  }
}
