import type { StreamKey, ViewerProtocol } from '../types.ts'

/** Somebody said that it watches, or is about to. Times are wall-clock milliseconds. */
export interface Lease extends StreamKey {
  readonly id: string
  readonly user: string
  readonly since: number
  /** How long it counts without being seen; 0 for one who came, and is counted by its session. */
  readonly until: number
  readonly protocol: ViewerProtocol | null
  readonly client: string | null
  /** Id of the token that it connects with (empty while that is being made), and when that runs out; null for one without. */
  readonly token: string | null
  readonly expires: number | null
}

/** Whether a lease is of no more use: it does not count, and nobody can come with its token. */
export function isOver({ until, expires }: Lease, now: number): boolean {
  return until <= now && (expires ?? 0) <= now
}
