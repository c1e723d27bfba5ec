/** How long to wait before try number n. */
export interface BackoffPolicy {
  /** Upper bound of the first wait, milliseconds. */
  readonly first: number
  /** Tries before the bound begins to double. */
  readonly steady: number
  /** Upper bound of every wait, milliseconds. */
  readonly limit: number
}

/** Reconnects to a camera: three times within a second each, for a camera that restarts, then doubling to 60 s. */
export const CAMERA_BACKOFF: BackoffPolicy = { first: 1_000, steady: 3, limit: 60_000 }

/**
 * The wait in milliseconds before retry `attempt` (0 is the first): uniform between half of the bound and the bound, so that 200
 * cameras behind one switch do not come back in the same instant, and none has used its early tries up in an instant.
 * `random` gives a number in [0, 1).
 */
export function backoffDelay(policy: BackoffPolicy, attempt: number, random: () => number): number {
  const doublings = Math.min(30, Math.max(0, attempt - policy.steady + 1))
  const bound = Math.min(policy.limit, policy.first * 2 ** doublings)
  return Math.round(((1 + random()) / 2) * bound)
}
