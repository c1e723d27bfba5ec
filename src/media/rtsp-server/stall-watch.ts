/** Tells for how long a peer has taken nothing of what was written to it. */
export class StallWatch {
  #written = 0
  #taken = 0
  #since = 0

  wrote(bytes: number): void {
    this.#written += bytes
  }

  /**
   * Milliseconds without progress; 0 when nothing waits. `pending`: bytes that still wait, `now`: monotonic milliseconds.
   * Progress is seen per write that is taken whole, not per byte.
   */
  stalledFor(pending: number, now: number): number {
    const taken = this.#written - pending
    if (pending === 0 || taken !== this.#taken) {
      this.#taken = taken
      this.#since = now
    }
    return now - this.#since
  }
}
