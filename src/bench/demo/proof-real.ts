import { join } from 'node:path'
import { inspectSegment, type SegmentInspection } from '../../media/segment-file/index.ts'
import { follows, type SegmentMark } from '../../wire/mp4/index.ts'
import { cameraFiles } from './camera-files.ts'
import { faultWithin } from './fault-within.ts'
import type { DemoCamera, DemoFault, DemoGap, DemoProof } from './types.ts'

/** What a recorded file says of itself: where it belongs, and how long it is. */
interface Piece {
  readonly mark: SegmentMark
  readonly segment: Pick<SegmentInspection, 'duration' | 'timescale' | 'frames'>
}

/** Milliseconds that arrival times may be off: a camera's packets come in bursts. */
const TOLERANCE = 1_000
/** Milliseconds before the end of the recording at which a camera's last frame may have ended: it may send few of them. */
const LAST_FRAME = 3_000

/**
 * Looks at the recordings of real cameras, which count no frames for us: within a session the marks of the files prove that
 * nothing lies between them; between two sessions there is a gap, and it must have a fault to explain it. `ended`: when the
 * recording was stopped, wall-clock milliseconds.
 */
export async function proveReal(
  archive: string,
  ids: readonly string[],
  faults: readonly DemoFault[],
  ended: number,
): Promise<DemoProof> {
  const cameras: DemoCamera[] = []
  const strange: string[] = []
  for (const id of ids) {
    const files = await cameraFiles(join(archive, id))
    const pieces: Piece[] = []
    for (const path of files) {
      const segment = await inspectSegment(path)
      if (!segment?.mark) continue
      pieces.push({ mark: segment.mark, segment })
      if (!segment.complete) strange.push(`file that was not closed: ${path}`)
      if (segment.gaps > 0) strange.push(`${segment.gaps} holes within ${path}`)
    }
    const unmarked = files.length - pieces.length
    if (unmarked > 0)
      strange.push(
        `${id}: ${unmarked} files are not by our recorder (ffmpeg takes the codecs it cannot), and prove nothing`,
      )
    pieces.sort((a, b) => a.mark.wallStart - b.mark.wallStart)
    const gaps = pieces.slice(1).flatMap((piece, index) => gapBetween(pieces[index]!, piece, faults))
    const last = pieces.at(-1)
    if (last && endOf(last) < ended - LAST_FRAME) gaps.push(gapOf(id, endOf(last), null, faults))
    const onDisk = pieces.reduce((sum, { segment }) => sum + segment.frames, 0)
    if (files.length === 0) strange.push(`${id}: nothing was recorded`)
    cameras.push({ id, sent: null, onDisk, missing: null, gaps, files })
  }
  return { cameras, faults: strange }
}

/** The gap between two neighbours; none when the second begins where the first ends. */
export function gapBetween(before: Piece, after: Piece, faults: readonly DemoFault[]): DemoGap[] {
  const { mark, segment } = before
  if (follows(mark, segment.duration, after.mark)) return []
  // New parameters, or a clock that was set, begin another session with nothing lost.
  if (after.mark.reason === 'parameters' || after.mark.reason === 'clock-step') return []
  return [gapOf(mark.camera, endOf(before), after.mark.wallStart, faults)]
}

/** Wall-clock milliseconds at which a piece ends. */
function endOf({ mark, segment }: Piece): number {
  return mark.wallStart + (segment.duration / segment.timescale) * 1_000
}

function gapOf(camera: string, from: number, to: number | null, faults: readonly DemoFault[]): DemoGap {
  const fault = faultWithin(faults, camera, { from, to }, TOLERANCE)
  return {
    camera,
    fault: fault?.kind ?? null,
    from,
    to,
    framesLost: null,
    footageLost: fault?.kind === 'worker-killed' ? Math.max(0, Math.round(fault.to - from)) : 0,
    reconnect: null,
    keyFrameWait: null,
  }
}
