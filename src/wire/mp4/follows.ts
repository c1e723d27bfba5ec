import type { SegmentMark } from './types.ts'

/**
 * Whether `next` begins where a segment with `mark` and `duration` (ticks of the mark's timescale) ends: the same session, the
 * next number, and not a tick between. Then no frame that reached the recorder is missing between the two files.
 */
export function follows(mark: SegmentMark, duration: number, next: SegmentMark): boolean {
  return (
    mark.site === next.site &&
    mark.camera === next.camera &&
    mark.stream === next.stream &&
    mark.session === next.session &&
    mark.timescale === next.timescale &&
    next.number === mark.number + 1 &&
    next.mediaTime === mark.mediaTime + duration
  )
}
