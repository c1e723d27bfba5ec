import type { CoveragePiece, Interval } from '../types.ts'
import { type CoverageGap, type CoverageSummary, gapsOf, summarize } from './summary.ts'

/** One camera's account with its sums. */
export interface CameraCoverage extends CoverageSummary {
  readonly camera: string
  readonly group: string | null
  readonly pieces: readonly CoveragePiece[]
}

/** The account of a site, as reports show it. Times are wall-clock milliseconds. */
export interface CoverageReport {
  readonly site: string
  readonly timezone: string
  readonly span: Interval
  readonly cameras: readonly CameraCoverage[]
  readonly total: CoverageSummary
}

/** A hole of one camera. */
export interface CameraGap extends CoverageGap {
  readonly camera: string
}

/** The sums over the accounts of cameras. */
export function coverageReport(
  site: { readonly name: string; readonly timezone: string },
  span: Interval,
  accounts: readonly Pick<CameraCoverage, 'camera' | 'group' | 'pieces'>[],
): CoverageReport {
  return {
    site: site.name,
    timezone: site.timezone,
    span,
    cameras: accounts.map(account => ({ ...account, ...summarize(account.pieces) })),
    total: summarize(accounts.flatMap(({ pieces }) => pieces)),
  }
}

/** All holes, the longest first; of those of one length the oldest. */
export function longestGaps({ cameras }: CoverageReport): CameraGap[] {
  return cameras
    .flatMap(({ camera, pieces }) => gapsOf(pieces).map(gap => ({ ...gap, camera })))
    .sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start)
}

/** What a piece is, in words: those that were noted when they say the state already, else both. */
export function pieceWords({ state, detail }: Pick<CoveragePiece, 'state' | 'detail'>): string {
  if (detail === null) return state
  const plain = (text: string) => text.toLowerCase().replaceAll('-', ' ')
  return plain(detail).includes(plain(state)) ? detail : `${state} (${detail})`
}

/** `refused 4 min, starting 2 s`: the words noted of a hole, or the states, those that took longest first. */
export function describeGap(
  { pieces }: Pick<CoverageGap, 'pieces'>,
  duration: (milliseconds: number) => string,
): string {
  const sums = new Map<string, number>()
  for (const { state, detail, start, end } of pieces) {
    const words = pieceWords({ state, detail })
    sums.set(words, (sums.get(words) ?? 0) + end - start)
  }
  const sorted = [...sums].sort((a, b) => b[1] - a[1])
  if (sorted.length === 1) return sorted[0]![0]
  return sorted.map(([words, length]) => `${words} ${duration(length)}`).join(', ')
}
