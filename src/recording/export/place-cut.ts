import { shownAt, wallAt } from './choose-samples.ts'
import type { Cut, PlacedCut } from './clip-builder.ts'
import type { SourceSegment } from './source-segment.ts'

export interface TimeLine {
  /** Wall-clock milliseconds of time 0. */
  readonly origin: number
  /** Ticks a second. */
  readonly timescale: number
  /** Holes stay; else what is behind them moves up. */
  readonly keepGaps: boolean
}

/**
 * Ticks to be added to the times of a cut, scaled to the time line, to get its times there. The first cut begins at 0. One of
 * the same session as the cut before lies as their media times say; another as the wall clock says. None begins before the one before has
 * ended, whatever the clock did.
 */
export function placeCut(cut: Cut, previous: PlacedCut | undefined, line: TimeLine): number {
  const { source, first } = cut
  const { lead } = source
  const ratio = line.timescale / lead.timescale
  const decoded = Math.round(lead.times[first]! * ratio)
  if (!previous) return -decoded
  const close = previous.end - decoded
  const joined = sessionShift(previous, source, ratio)
  if (joined !== undefined) return line.keepGaps ? Math.max(joined, close) : close
  const shown = Math.round(shownAt(lead, first) * ratio)
  const earliest = Math.max(close, previous.shownEnd - shown)
  if (!line.keepGaps) return earliest
  const wall = wallAt(source, shownAt(lead, first))
  return Math.max(earliest, Math.round(((wall - line.origin) * line.timescale) / 1_000) - shown)
}

/** Where media time puts a segment of the same session; undefined for another's. */
function sessionShift({ cut, shift }: PlacedCut, next: SourceSegment, ratio: number): number | undefined {
  const [a, b] = [cut.source.mark, next.mark]
  if (!a || !b || a.session !== b.session || a.number >= b.number || a.timescale !== b.timescale) return undefined
  if (cut.source.lead.timescale !== next.lead.timescale) return undefined
  // The session's time at time 0 of each file.
  const zero = (source: SourceSegment, mediaTime: number) => mediaTime - source.lead.times[0]!
  return shift + Math.round((zero(next, b.mediaTime) - zero(cut.source, a.mediaTime)) * ratio)
}
