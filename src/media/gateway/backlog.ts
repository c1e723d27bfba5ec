/** Bytes that may wait for a reader, however slow its stream. */
const FLOOR = 2 * 1024 * 1024
/** Milliseconds of the stream that may wait for a reader, where that is more. */
const SPAN = 2_000

/**
 * Decides what a reader gets that does not keep up: nothing more once too much waits for it, and then from a key frame on
 * as soon as half of that has gone. What it misses are whole ends of groups of pictures.
 */
export class Backlog {
  #limit = FLOOR
  /** Of the group that a joining reader got at once, which may be more than the limit. */
  #joined = 0
  #windowStart = Number.NEGATIVE_INFINITY
  #windowBytes = 0
  dropping = false

  /** A joining reader has got the last group of pictures, of which `pending` bytes wait. */
  joined(pending: number): void {
    this.#joined = pending
  }

  /** Whether the next frame may be sent while `pending` bytes wait. `start`: a decoder can begin with it. */
  admits(pending: number, start: boolean): boolean {
    if (pending < FLOOR) this.#joined = 0
    const limit = Math.max(this.#limit, this.#joined + FLOOR)
    if (this.dropping) {
      if (!start || pending > limit / 2) return false
      this.dropping = false
    } else if (pending > limit) this.dropping = true
    return !this.dropping
  }

  /** A frame of `bytes` was sent; `wall` is its time of arrival, milliseconds. */
  sent(bytes: number, wall: number): void {
    const passed = wall - this.#windowStart
    if (passed >= SPAN || passed < 0) {
      this.#limit = Math.max(FLOOR, passed < 2 * SPAN ? this.#windowBytes : 0)
      this.#windowStart = wall
      this.#windowBytes = 0
    }
    this.#windowBytes += bytes
  }
}
