import type { SegmentIndex } from '../segment-index/segment-index.ts'

const DAY = 86_400_000
/** Milliseconds without any footage of any camera that make a clock doubtful which has come over them. */
const HOLE = 7 * DAY

/**
 * Whether the clock may have been set ahead, by weeks or years: no camera has anything of the week before the last day, and
 * recording began anew within that day, or `upFor` (milliseconds) says that we did. By such a clock all footage is too old. A clock
 * that is right is believed a day later, and on a site where nothing is recorded any more as well.
 */
export function isClockDoubtful(index: SegmentIndex, now: number, upFor: number): boolean {
  const settled = index.lastKnownBefore(now - DAY)
  if (settled === undefined || settled >= now - DAY - HOLE) return false
  return upFor < DAY || (index.lastKnownBefore(now) ?? settled) > now - DAY
}
