import type { ClosedSegment } from '../media/segment-file/index.ts'

/** A stretch of time, wall-clock milliseconds since the epoch; `end` is not part of it. */
export interface Interval {
  readonly start: number
  readonly end: number
}

/** A closed segment, as the index knows it. */
export type Segment = ClosedSegment

/** Why a second of a camera is not in the archive. */
export type GapReason =
  /** Nobody wanted it: outside of its schedule, or stopped by a person. */
  | 'not-scheduled'
  | 'stopped'
  /** The camera was not part of the site yet, or not any more. */
  | 'not-configured'
  /** There was no such time: the clock of this machine was set forward over it. */
  | 'clock-set'
  /** The camera or the way to it. */
  | 'unreachable'
  | 'refused'
  | 'unauthorized'
  | 'no-video'
  | 'stalled'
  | 'disconnected'
  | 'unsupported'
  | 'clock-step'
  /** This machine. */
  | 'disk-full'
  | 'disk-error'
  | 'node-down'
  | 'starting'
  | 'frames-dropped'
  /** It was recorded, and is gone: by retention, by a person. */
  | 'expired'
  | 'deleted'
  /** None of these. */
  | 'other'

/** One stretch of a camera's account: what became of each of its seconds. Pieces of a camera follow each other without overlap. */
export interface CoveragePiece extends Interval {
  readonly state: 'recorded' | GapReason
  /** The words of whoever noted it ("refused by 10.0.1.7:554", "by alice"); null where there are none. */
  readonly detail: string | null
}
