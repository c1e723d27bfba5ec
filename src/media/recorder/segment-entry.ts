import type { SegmentInspection } from '../segment-file/index.ts'
import type { SegmentEntry } from './types.ts'

/** The journal's entry for a closed segment, from what its file says. `path` is relative to the storage path. */
export function segmentEntry(path: string, segment: SegmentInspection): SegmentEntry {
  const { camera, stream, session, number, wallStart, reason, clockOffset } = segment.mark!
  return {
    type: 'segment',
    camera,
    stream,
    session,
    number,
    path,
    start: wallStart,
    end: wallStart + (segment.duration * 1_000) / segment.timescale,
    bytes: segment.size,
    frames: segment.frames,
    codec: segment.tracks.find(({ id }) => id === segment.lead)?.codec ?? 'other',
    began: reason,
    ended: segment.end?.reason ?? '',
    clockOffset,
    sha256: segment.end?.sha256 ?? null,
  }
}
