/** Milliseconds over which the least delays of two tracks are compared. */
const WINDOW = 4_000
/** Share of the difference that is made good after each window, and the most that is made good of a time, as a share of it. */
const FOLLOW = 1 / 4
const FASTEST = 0.005

/**
 * Keeps the sound beside the picture. Both have clocks of their own in the camera (RFC 3550 section 5.1), which part by seconds in a
 * day, and both begin at the arrival of a first packet, which the size of a key frame holds up. What neither
 * can hide is how late a track comes at least, for both take the same way: where that differs, the sound is moved
 * towards the picture, by 5 ms a second at most, which nobody hears. Sender reports would say it too, but not every camera's are true.
 * All times are milliseconds, `now` is monotonic.
 */
export class ClockAlignment {
  #end = Number.NEGATIVE_INFINITY
  #picture = Number.POSITIVE_INFINITY
  #sound = Number.POSITIVE_INFINITY
  /** What is added to the sound's times, and what it is moving to. */
  #shift = 0
  #target = 0
  #last: number | undefined

  /** A picture of media time `time` came. */
  picture(time: number, now: number): void {
    this.#picture = Math.min(this.#picture, now - time)
  }

  /** Sound of media time `time` came: gives its time on the picture's time line. */
  place(time: number, now: number): number {
    const fastest = Math.max(0, time - (this.#last ?? time)) * FASTEST
    this.#last = time
    this.#shift += Math.max(-fastest, Math.min(fastest, this.#target - this.#shift))
    this.#sound = Math.min(this.#sound, now - time - this.#shift)
    if (now >= this.#end) this.#compare(now)
    return time + this.#shift
  }

  #compare(now: number): void {
    const late = this.#sound - this.#picture
    if (Number.isFinite(late) && Number.isFinite(this.#end)) this.#target = this.#shift + late * FOLLOW
    this.#end = now + WINDOW
    this.#picture = Number.POSITIVE_INFINITY
    this.#sound = Number.POSITIVE_INFINITY
  }
}
