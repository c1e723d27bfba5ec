import { closedSegment, type SegmentInspection } from '../segment-file/index.ts'
import type { SegmentEntry } from './types.ts'

/** The journal's entries for a segment of ours, from what its file says: one when it is closed. `path` is relative to the storage path. */
export function segmentEntries(path: string, segment: SegmentInspection): SegmentEntry[] {
  const closed = closedSegment(path, segment)
  return closed ? [{ type: 'segment', ...closed }] : []
}
