import type { CoveragePiece } from '../types.ts'
import { type Hole, MIN_HOLE } from './layout.ts'

/** Time that was asked for and is not in a clip. */
export interface ClipGap {
  /** RFC 3339, UTC. */
  readonly from: string
  readonly to: string
  readonly seconds: number
  /** Why, the longest first; empty when nobody noted it. */
  readonly reasons: readonly { readonly reason: string; readonly detail: string | null; readonly seconds: number }[]
}

/** What of the asked span a clip lacks: before its first frame, between, and behind its last. */
export function clipGaps(
  asked: { readonly from: number; readonly to: number },
  given: { readonly from: number; readonly to: number; readonly holes: readonly Hole[] },
  coverage: readonly CoveragePiece[],
): ClipGap[] {
  const holes = [
    { start: asked.from, end: Math.min(asked.to, given.from) },
    ...given.holes,
    { start: given.to, end: asked.to },
  ]
  return holes.filter(({ start, end }) => end - start > MIN_HOLE).map(hole => explained(hole, coverage))
}

function explained({ start, end }: Hole, coverage: readonly CoveragePiece[]): ClipGap {
  const shares = new Map<string, { reason: string; detail: string | null; milliseconds: number }>()
  for (const piece of coverage) {
    const milliseconds = Math.min(end, piece.end) - Math.max(start, piece.start)
    if (milliseconds <= 0) continue
    // What the account calls recorded and no closed file has: the file is still being written, or could not be used.
    const reason = piece.state === 'recorded' ? 'not-exported' : piece.state
    const key = `${reason}\n${piece.detail ?? ''}`
    const share = shares.get(key) ?? { reason, detail: piece.detail, milliseconds: 0 }
    share.milliseconds += milliseconds
    shares.set(key, share)
  }
  const reasons = [...shares.values()]
    // Edges of seconds belong to what is beside the hole.
    .filter(({ milliseconds }) => milliseconds >= Math.min(1_000, (end - start) / 2))
    .sort((a, b) => b.milliseconds - a.milliseconds)
    .map(({ reason, detail, milliseconds }) => ({ reason, detail, seconds: toSeconds(milliseconds) }))
  return { from: utc(start), to: utc(end), seconds: toSeconds(end - start), reasons }
}

/** RFC 3339 in UTC with milliseconds. */
export function utc(wall: number): string {
  return new Date(Math.round(wall)).toISOString()
}

function toSeconds(milliseconds: number): number {
  return Math.round(milliseconds) / 1_000
}
