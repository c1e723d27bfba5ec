/** Milliseconds of media within which the least delay counts: longer than any burst or rest, short beside a drift. */
const WINDOW = 2_000

/**
 * When the frames of a connection arrived, without what held some of them up on the way: the network, the camera's bursts, our
 * own rests between reads. Media time runs evenly, so a frame arrived as long after another as their media times are
 * apart, and the one that was held up least tells when. A camera whose media time runs too fast or too slow is followed
 * within two windows.
 */
export class ArrivalTimes {
  #end = Number.NEGATIVE_INFINITY
  /** Least delay in the window at hand, and in the one before. */
  #least = Number.POSITIVE_INFINITY
  #before = Number.POSITIVE_INFINITY
  #last = Number.NEGATIVE_INFINITY

  /**
   * The frame whose media time is `media` was read at `now`, both in milliseconds, `now` monotonic. Gives its time of
   * arrival: not after `now`, and not before that of the frame before.
   */
  at(media: number, now: number): number {
    const delay = now - media
    if (media >= this.#end || media < this.#end - 2 * WINDOW) {
      this.#before = media < this.#end + WINDOW && media >= this.#end ? this.#least : Number.POSITIVE_INFINITY
      this.#least = delay
      this.#end = media + WINDOW
    } else if (delay < this.#least) this.#least = delay
    const arrived = media + Math.min(this.#least, this.#before)
    this.#last = Math.max(this.#last, Math.min(now, arrived))
    return this.#last
  }
}
