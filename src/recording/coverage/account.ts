import type { Wish } from '../../state/wish.ts'
import type { CoveragePiece, Interval } from '../types.ts'
import { gapReason } from './gap-reasons.ts'
import { flatten, overlay, union, within } from './intervals.ts'
import { unwanted } from './unwanted.ts'

/** Why nothing was recorded, in the words of a worker's journal. */
interface GapNote extends Interval {
  readonly reason: string
}

/** Footage that was there and is not any more. */
interface RemovedFootage extends Interval {
  readonly state: 'expired' | 'deleted'
  readonly detail: string | null
}

/** All that is known of one camera's time. Lists may be longer than the span, in any order, and overlap. */
export interface CameraFacts {
  readonly recorded: readonly Interval[]
  /** Time that never was: the clock of the machine was set forward over it. */
  readonly skipped?: readonly Interval[]
  readonly notes: readonly GapNote[]
  readonly removed: readonly RemovedFootage[]
  /** What was wanted of it, and by whom. */
  readonly wishes: readonly Wish[]
  /** When it was part of the site; `end` may be infinite. */
  readonly configured: readonly Interval[]
}

interface AccountLimits {
  /** Milliseconds of a hole that nothing explains and that is taken for the jitter of arrivals and rounding; 1 500 by default. */
  readonly tolerance: number
  /** Milliseconds before now that nobody may have told of yet: what is on its way to the disk; 10 000 by default. */
  readonly settling: number
}

const LIMITS: AccountLimits = { tolerance: 1_500, settling: 10_000 }

/**
 * What became of each moment of `span`, up to `now`: pieces in order that follow each other without hole or overlap. What is
 * recorded counts before all else, then what was removed, then that nobody wanted it, then what was noted, then that it never was; the rest is
 * `node-down` while the camera was configured. Where the clock was set back, a second that is there twice counts once.
 * The last seconds before `now` are left out while nothing is known of them.
 */
export function cameraAccount(facts: CameraFacts, whole: Interval, now: number, limits = LIMITS): CoveragePiece[] {
  const span = { start: whole.start, end: Math.min(whole.end, now) }
  if (!(span.start < span.end)) return []
  const configured = union(facts.configured, span)
  let pieces: CoveragePiece[] = [{ ...span, state: 'not-configured', detail: null }]
  pieces = overlay(
    pieces,
    configured.map(({ start, end }) => ({ start, end, state: 'node-down', detail: null })),
  )
  pieces = overlay(
    pieces,
    union(facts.skipped ?? [], span).map(({ start, end }) => ({ start, end, state: 'clock-set', detail: null })),
  )
  pieces = overlay(pieces, within(flatten(facts.notes.map(noted)), span))
  const off = unwanted(facts.wishes, span)
  pieces = overlay(
    pieces,
    configured.flatMap(interval => within(off, interval)),
  )
  pieces = overlay(pieces, within(flatten(facts.removed.map(removed)), span))
  pieces = overlay(
    pieces,
    union(facts.recorded, span).map(({ start, end }) => ({ start, end, state: 'recorded', detail: null })),
  )
  return smoothed(joined(pieces), now, limits)
}

function noted({ start, end, reason }: GapNote): CoveragePiece {
  return { start, end, state: gapReason(reason), detail: reason }
}

function removed({ start, end, state, detail }: RemovedFootage): CoveragePiece {
  return { start, end, state, detail }
}

/** Neighbours of one state and detail become one piece. */
function joined(pieces: readonly CoveragePiece[]): CoveragePiece[] {
  const result: CoveragePiece[] = []
  for (const piece of pieces) {
    const last = result.at(-1)
    if (last?.state === piece.state && last.detail === piece.detail)
      result[result.length - 1] = { ...last, end: piece.end }
    else result.push(piece)
  }
  return result
}

/** Leaves out an end that nobody has told of yet, and gives short holes that nothing explains to their neighbour. */
function smoothed(
  pieces: readonly CoveragePiece[],
  now: number,
  { tolerance, settling }: AccountLimits,
): CoveragePiece[] {
  const last = pieces.at(-1)
  const fresh = last && unexplained(last) && now - last.start <= settling
  const told = fresh ? pieces.slice(0, -1) : pieces
  return joined(
    told.map((piece, index) => {
      if (!unexplained(piece) || piece.end - piece.start > tolerance) return piece
      const neighbour = told[index - 1] ?? told[index + 1]
      return neighbour ? { ...piece, state: neighbour.state, detail: neighbour.detail } : piece
    }),
  )
}

function unexplained({ state, detail }: CoveragePiece): boolean {
  return state === 'node-down' && detail === null
}
