import type { CoveragePiece, Interval } from '../types.ts'
import { overlay, union } from './intervals.ts'

/** One start or stop by a person. */
interface WishEntry {
  /** Wall-clock milliseconds. */
  readonly at: number
  readonly record: boolean
  readonly by: string
}

/** Who wanted a camera recorded, and when. */
export interface WantedFacts {
  /** Starts and stops; where two have the same time the later in the list counts. */
  readonly wishes: readonly WishEntry[]
  /** What the configuration says while no person has said anything. */
  readonly record: boolean
  /** The windows of its schedule within the span, where it has one. */
  readonly schedule?: readonly Interval[] | undefined
}

/**
 * The stretches of `span` in which nobody wanted a recording, in order: stopped by a person, else outside of the schedule or
 * switched off by configuration. The word of a person counts until the next one.
 */
export function unwanted({ wishes, record, schedule }: WantedFacts, span: Interval): CoveragePiece[] {
  const byConfiguration = scheduled(record, schedule, span)
  const pieces: CoveragePiece[] = []
  const changes = [...wishes].sort((a, b) => a.at - b.at)
  const first = Math.min(changes[0]?.at ?? span.end, span.end)
  for (const piece of byConfiguration) {
    if (piece.start < first) pieces.push(piece.end <= first ? piece : { ...piece, end: first })
  }
  for (const [index, { at, record: wanted, by }] of changes.entries()) {
    const start = Math.max(at, span.start)
    const end = Math.min(changes[index + 1]?.at ?? span.end, span.end)
    if (!wanted && start < end) pieces.push({ start, end, state: 'stopped', detail: `by ${by}` })
  }
  return pieces
}

function scheduled(record: boolean, schedule: readonly Interval[] | undefined, span: Interval): CoveragePiece[] {
  const off = (detail: string): CoveragePiece[] => [{ ...span, state: 'not-scheduled', detail }]
  if (!record) return off('not recorded by configuration')
  if (schedule === undefined) return []
  const windows: CoveragePiece[] = union(schedule, span).map(window => ({ ...window, state: 'recorded', detail: null }))
  return overlay(off('outside of the schedule'), windows).filter(({ state }) => state !== 'recorded')
}
