import type { Interval, Segment } from '../types.ts'

type Part = Pick<Segment, 'session' | 'number' | 'start' | 'end' | 'began'>

/** What a camera's segments say of time: what is recorded, and what there never was. */
interface RecordedTime {
  /** May overlap where the clock of the machine was set back. */
  readonly recorded: Interval[]
  /** Stretches over which the clock was set forward while it was recorded without a hole. */
  readonly skipped: Interval[]
}

/** Milliseconds of media from which the pace of a session can be told, and the part by which it must differ to be corrected. */
const ENOUGH_MEDIA = 10_000
const STEADY = 0.01

/**
 * The wall-clock time that segments of one camera and stream cover. A segment and the next of its session have no hole between
 * them, whatever their media says: a camera that sends fewer frames than it promised has media shorter than the time it took.
 * Where the last segment of a session ended is told by the pace of those before it.
 */
export function recordedTime(segments: readonly Part[]): RecordedTime {
  const recorded: { start: number; end: number }[] = []
  const skipped: Interval[] = []
  const ordered = sessionsInOrder(segments) ? segments : [...segments].sort(bySession)
  const add = (start: number, end: number) => {
    const last = recorded.at(-1)
    if (last?.end === start) last.end = end
    else recorded.push({ start, end })
  }
  let media = 0
  let taken = 0
  for (let index = 0; index < ordered.length; index++) {
    const { session, number, start, end } = ordered[index]!
    const next = ordered[index + 1]
    const follows = next?.session === session && next.number === number + 1
    if (follows && next.began !== 'clock-step') {
      media += end - start
      taken += next.start - start
      add(start, next.start)
      continue
    }
    const pace = media > ENOUGH_MEDIA && Math.abs(taken / media - 1) > STEADY ? taken / media : 1
    const over = start + (end - start) * pace
    if (follows && next.start > over) skipped.push({ start: over, end: next.start })
    add(start, over)
    if (next?.session !== session) media = taken = 0
  }
  return { recorded, skipped }
}

/** In order of start they are in order of number as well, unless the clock was set back. */
function sessionsInOrder(segments: readonly Part[]): boolean {
  for (let i = 1; i < segments.length; i++) {
    const before = segments[i - 1]!
    if (segments[i]!.session === before.session && segments[i]!.number < before.number) return false
  }
  return true
}

function bySession(a: Part, b: Part): number {
  return a.session < b.session ? -1 : a.session > b.session ? 1 : a.number - b.number
}
