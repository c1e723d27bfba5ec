import type { CoveragePiece, GapReason, Interval } from '../types.ts'

/** Time that counts neither for nor against a camera: nobody wanted it, it never was, or it was kept as long as promised. */
const NOT_COUNTED: ReadonlySet<CoveragePiece['state']> = new Set([
  'not-scheduled',
  'stopped',
  'not-configured',
  'clock-set',
  'expired',
])

/** A hole in what was wanted: neighbouring pieces, in order. */
export interface CoverageGap extends Interval {
  readonly pieces: readonly CoveragePiece[]
}

/** Sums of one camera's account. Milliseconds. */
export interface CoverageSummary {
  readonly recorded: number
  /** Recorded and lost together: what it should have recorded. */
  readonly wanted: number
  /** `recorded` of `wanted` in percent; null where nothing was wanted. */
  readonly percent: number | null
  /** By state, also of what is not counted against the camera. */
  readonly missing: Readonly<Partial<Record<GapReason, number>>>
}

/** Whether a piece is footage that was wanted and is not there. */
export function isLost({ state }: CoveragePiece): boolean {
  return state !== 'recorded' && !NOT_COUNTED.has(state)
}

/** Sums over pieces of one camera, or of many. */
export function summarize(pieces: Iterable<CoveragePiece>): CoverageSummary {
  let recorded = 0
  let lost = 0
  const missing: Partial<Record<GapReason, number>> = {}
  for (const piece of pieces) {
    const length = piece.end - piece.start
    if (piece.state === 'recorded') recorded += length
    else {
      missing[piece.state] = (missing[piece.state] ?? 0) + length
      if (isLost(piece)) lost += length
    }
  }
  const wanted = recorded + lost
  return { recorded, wanted, percent: wanted > 0 ? (recorded * 100) / wanted : null, missing }
}

/** The holes of one camera's account, in order; pieces that touch are one hole, whatever their reasons. */
export function gapsOf(pieces: readonly CoveragePiece[]): CoverageGap[] {
  const gaps: { start: number; end: number; pieces: CoveragePiece[] }[] = []
  for (const piece of pieces) {
    if (!isLost(piece)) continue
    const last = gaps.at(-1)
    if (last?.end === piece.start) {
      last.end = piece.end
      last.pieces.push(piece)
    } else gaps.push({ start: piece.start, end: piece.end, pieces: [piece] })
  }
  return gaps
}

/** A percentage that never says 100 for less: cut, not rounded, to two decimals. */
export function formatPercent(percent: number | null): string {
  return percent === null ? '-' : `${(Math.floor(percent * 100 + 1e-9) / 100).toFixed(2)} %`
}
