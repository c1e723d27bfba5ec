import type { StreamRole } from '../../media/frame.ts'
import type { Archive } from '../archive.ts'
import type { Segment } from '../types.ts'

/** What finding footage takes of the archive. */
export type Footage = Pick<Archive, 'config' | 'segments' | 'allSegments' | 'absolute' | 'coverage'>

/** A stream of a camera. */
export interface CameraStream {
  readonly camera: string
  readonly stream: StreamRole
}

/**
 * How far before a span its first key frame may lie: a segment has an hour at most, and one that gets no key frame is cut at four times
 * its length. Milliseconds.
 */
const LOOK_BACK = 5 * 3_600_000

/**
 * The segments of a span in order of start, and those before it in which its first key frame may be. The one that is being written is among
 * them unless `closed` is asked for.
 */
export async function footageOf(
  archive: Footage,
  { camera, stream }: CameraStream,
  from: number,
  to: number,
  closed: boolean,
): Promise<Segment[]> {
  const span = { start: from - LOOK_BACK, end: to }
  const found =
    closed || stream === 'sub' ? archive.segments(camera, span, stream) : await archive.allSegments(camera, span)
  return [...found].sort((a, b) => a.start - b.start)
}
