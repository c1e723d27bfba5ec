import type { CoveragePiece } from '../types.ts'
import { gapReason } from './gap-reasons.ts'

/** What a recorder that runs says of the outage at hand. */
export interface OngoingOutage {
  /** Since when it runs, wall-clock milliseconds: what is missing from before has another cause. */
  readonly since: number
  /** Its words for why nothing is recorded. */
  readonly reason: string
}

/**
 * An account whose end nobody has noted yet: recorders note a gap when it is over. The part of it in which a recorder ran gets the
 * reason that it has now.
 */
export function withOngoing(pieces: readonly CoveragePiece[], { since, reason }: OngoingOutage): CoveragePiece[] {
  const last = pieces.at(-1)
  if (last?.state !== 'node-down' || last.detail !== null || last.end <= since) return [...pieces]
  const before = pieces.slice(0, -1)
  if (last.start < since) before.push({ ...last, end: since })
  return [...before, { start: Math.max(since, last.start), end: last.end, state: gapReason(reason), detail: reason }]
}
