/** How long to wait before try number n. */
export interface BackoffPolicy {
  /** Upper bound of the first wait, milliseconds. */
  readonly first: number
  /** Upper bound of every wait, milliseconds. */
  readonly limit: number
}

/** Reconnects to a camera: 1 s doubling to 60 s. */
export const CAMERA_BACKOFF: BackoffPolicy = { first: 1_000, limit: 60_000 }

/**
 * The wait in milliseconds before retry `attempt` (0 is the first), with full jitter: uniform between 0 and the bound,
 * so that 200 cameras behind one switch do not come back in the same instant.
 * `random` gives a number in [0, 1).
 */
export function backoffDelay(policy: BackoffPolicy, attempt: number, random: () => number): number {
  const bound = Math.min(policy.limit, policy.first * 2 ** Math.min(attempt, 30))
  return Math.round(random() * bound)
}
