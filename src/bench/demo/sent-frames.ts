import type { Gap, SentSession, StreamSendings, StreamVerdict } from '../../media/virtual/index.ts'
import { faultWithin } from './fault-within.ts'
import type { DemoFault, DemoGap } from './types.ts'

/** Milliseconds that a fault's time may lie beside the gap it made: frames on both sides carry the time of their sending. */
const TOLERANCE = 250

/** A run of frame numbers of which none is on disk. */
interface Hole {
  readonly first: number
  readonly last: number
  readonly from: number | null
  readonly to: number | null
}

/**
 * Compares what a virtual camera sent with what is on disk, stream by stream of frame numbers: every frame that is not there is
 * in one of the gaps. `verdict` is undefined when nothing of the camera was found.
 */
export function gapsOf(
  sendings: StreamSendings,
  verdict: StreamVerdict | undefined,
  faults: readonly DemoFault[],
): { readonly sent: number; readonly gaps: readonly DemoGap[] } {
  const sessions = sendings.sessions
    .filter(session => session.ranges.length > 0)
    .toSorted((a, b) => a.ranges[0]!.first - b.ranges[0]!.first)
  const holes = holesOf(sessions, verdict)
  // Frame n is due n intervals after the camera's start: times give the interval.
  const interval =
    verdict && verdict.last > verdict.first
      ? (verdict.lastWall - verdict.firstWall) / (verdict.last - verdict.first)
      : 0
  const gaps = holes.map(hole => {
    const fault = faultWithin(faults, sendings.camera, hole, TOLERANCE)
    const framesLost = sentWithin(hole, sessions)
    const again = sessions.findLast(({ ranges }) => ranges[0]!.first > hole.first && ranges[0]!.first <= hole.last + 1)
    return {
      camera: sendings.camera,
      fault: fault?.kind ?? null,
      from: hole.from,
      to: hole.to,
      framesLost,
      footageLost: Math.round(framesLost * interval),
      reconnect: fault && again ? again.started - fault.from : null,
      keyFrameWait: again && hole.to !== null ? Math.max(0, Math.round(hole.to - again.started)) : null,
    }
  })
  const sent = sentWithin({ first: 0, last: Number.MAX_SAFE_INTEGER }, sessions)
  return { sent, gaps }
}

function holesOf(sessions: readonly SentSession[], verdict: StreamVerdict | undefined): Hole[] {
  const first = sessions[0]?.ranges[0]?.first
  const last = Math.max(...sessions.map(session => session.ranges.at(-1)!.last))
  if (first === undefined) return []
  if (!verdict || verdict.frames === 0) return [{ first, last, from: null, to: null }]
  const holes: Hole[] = []
  if (first < verdict.first) holes.push({ first, last: verdict.first - 1, from: null, to: verdict.firstWall })
  for (const gap of verdict.gaps) holes.push(holeOf(gap))
  if (last > verdict.last) holes.push({ first: verdict.last + 1, last, from: verdict.lastWall, to: null })
  return holes
}

function holeOf({ first, last, before, after }: Gap): Hole {
  return { first, last, from: before, to: after }
}

/** How many frames of the hole were sent, to whomever. */
function sentWithin(hole: Pick<Hole, 'first' | 'last'>, sessions: readonly SentSession[]): number {
  let count = 0
  // Sessions of one stream may overlap when a connection is replaced; a frame counts once.
  let counted = -1
  for (const { first, last } of sessions.flatMap(session => session.ranges).toSorted((a, b) => a.first - b.first)) {
    const from = Math.max(first, hole.first, counted + 1)
    const to = Math.min(last, hole.last)
    if (from > to) continue
    count += to - from + 1
    counted = to
  }
  return count
}
