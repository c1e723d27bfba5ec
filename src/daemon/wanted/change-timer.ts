import type { Clock, Timer } from '../../kernel/clock.ts'

/** A timer may not be longer than 24 days; and after an hour one may as well look again. Milliseconds. */
const LONGEST_WAIT = 3_600_000

/** Wakes up when a schedule changes something: one call at a time, always for the instant that was named last. */
export class ChangeTimer {
  readonly #clock: Clock
  readonly #run: () => void
  #timer: Timer | undefined
  #ended = false

  constructor(clock: Clock, run: () => void) {
    this.#clock = clock
    this.#run = run
  }

  /** Calls at `at` (wall-clock milliseconds), or in an hour to look again; undefined waits for nothing. */
  waitFor(at: number | undefined): void {
    this.#timer?.cancel()
    if (at === undefined || this.#ended) return
    const delay = Math.min(Math.max(1, Math.ceil(at - this.#clock.wall())), LONGEST_WAIT)
    this.#timer = this.#clock.after(delay, this.#run)
  }

  /** Waits for nothing any more. */
  end(): void {
    this.#ended = true
    this.#timer?.cancel()
  }
}
