/** Seconds between the last frame of a session and the first of the next, at least and at most. */
const MIN_STEP = 0.001
const MAX_STEP = 600

/**
 * Lays the sessions of a stream on one line of time for a reader that stays connected: each begins where the last one ended,
 * plus the time that passed in between. Frame times are seconds of their session; zero is the first frame ever.
 */
export class MediaTimeline {
  #offset: number | undefined
  /** The latest frame: its time on the line, and when it arrived (wall-clock milliseconds). */
  #last: { readonly time: number; readonly arrived: number } | undefined

  /** Seconds to be added to the session's frame times; undefined until its first frame. */
  get offset(): number | undefined {
    return this.#offset
  }

  /** Latest pair of media time (seconds on the line) and wall-clock time; undefined before the first frame. */
  get anchor(): { readonly time: number; readonly arrived: number } | undefined {
    return this.#last
  }

  /** A new session begins with the next frame. */
  restart(): void {
    this.#offset = undefined
  }

  /** Takes the time of a frame, in order of arrival. True when it began a session: offsets are new. */
  advance(seconds: number, arrived: number): boolean {
    const begins = this.#offset === undefined
    this.#offset ??= this.#startOf(arrived) - seconds
    this.#last = { time: this.#offset + seconds, arrived }
    return begins
  }

  #startOf(arrived: number): number {
    if (!this.#last) return 0
    // The wall clock may have been set meanwhile.
    const passed = (arrived - this.#last.arrived) / 1_000
    return this.#last.time + Math.min(MAX_STEP, Math.max(MIN_STEP, passed))
  }
}
