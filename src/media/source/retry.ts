import { backoffDelay, CAMERA_BACKOFF } from '../../kernel/backoff.ts'

/** Video that must have flowed before the next loss is retried at once, milliseconds. */
const AT_ONCE_AFTER = 5_000
/** Video after which all earlier failures are forgotten, milliseconds. */
const RESET_AFTER = 5 * 60_000

/**
 * When to try a camera again. The first try after a stream that ran is at once: a camera that dropped the connection
 * mostly takes the next one. Then with backoff from 1 s to 60 s, for ever. A camera that plays for a moment and drops
 * again and again counts as failing.
 */
export class RetrySchedule {
  readonly #random: () => number
  #failures = 0

  constructor(random: () => number) {
    this.#random = random
  }

  /** Milliseconds to wait after a connection that showed video for `played` milliseconds (0: it never did). */
  next(played: number): number {
    if (played >= RESET_AFTER) this.#failures = 0
    if (played >= AT_ONCE_AFTER) return 0
    return backoffDelay(CAMERA_BACKOFF, this.#failures++, this.#random)
  }
}
