import type { Clock } from '../kernel/clock.ts'

/** Milliseconds of work before a guess is worth anything. */
const SOON = 3_000

/** Guesses how long a work of many like parts will still take. */
export class TimeLeft {
  readonly #clock: Clock
  readonly #start: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#start = clock.monotonic()
  }

  /** `, 2 min left`, from how much is done; empty while nothing can be said. */
  of(done: number, total: number): string {
    const spent = this.#clock.monotonic() - this.#start
    if (spent < SOON || done <= 0 || done >= total) return ''
    const seconds = Math.ceil((spent * (total - done)) / done / 1_000)
    return seconds < 90 ? `, ${seconds} s left` : `, ${Math.round(seconds / 60)} min left`
  }
}
