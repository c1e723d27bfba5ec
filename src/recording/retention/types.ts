import type { CameraRetention, GivingPolicy } from '../../config/types.ts'
import type { Interval } from '../types.ts'

/** What a decision needs to know of a segment. */
export interface Candidate extends Interval {
  readonly camera: string
  readonly stream: 'main' | 'sub'
  readonly bytes: number
}

/** A stream's segments in order of start; see SegmentsInOrder of the index. */
export interface InOrder<C extends Candidate> {
  next(from: number): C | undefined
}

/** A camera's footage, and what holds for it. */
export interface CameraFootage<C extends Candidate> extends CameraRetention {
  readonly camera: string
  readonly group: string | undefined
  /** Of all its segments. */
  readonly segments: number
  readonly bytes: number
  /** Wall-clock milliseconds of its oldest footage, and of the end of its newest; undefined where there is none. */
  readonly extent: Interval | undefined
  /** Milliseconds that are recorded. */
  readonly recorded: number
  /** Bytes a second that it writes now; null when nothing is known. */
  readonly rate: number | null
  /** Spans that are held, in any order. */
  readonly holds: readonly Interval[]
  /** Opens its streams from the oldest segment on, those left out that are being deleted already. */
  readonly streams: () => readonly InOrder<C>[]
}

/** All that decides what goes. Times are wall-clock milliseconds. */
export interface RetentionSurvey<C extends Candidate = Candidate> {
  readonly now: number
  readonly policy: GivingPolicy
  readonly headroom: {
    readonly warn: number
    readonly delete: number
    readonly protect: number
  }
  /** Bytes free for us, and of the whole file system; null when it does not tell. */
  readonly space: { readonly free: number; readonly total: number } | null
  readonly groups: readonly { readonly group: string; readonly quota: number }[]
  readonly cameras: readonly CameraFootage<C>[]
  /** The clock may be wrong: nothing goes for its age. */
  readonly clockDoubtful?: boolean
  /** Segments that have been tried and cannot be deleted. */
  readonly skip?: (segment: C) => boolean
}

/** Why a segment goes: it is older than is kept, its camera or group takes more than it may, or room is needed. */
export type RetentionRule = 'age' | 'quota' | 'headroom'

/** A segment that goes. */
export interface Deletion<C extends Candidate = Candidate> {
  readonly segment: C
  readonly rule: RetentionRule
}

/** What remains to be freed when all that may go has gone. Bytes. */
export interface Shortfall {
  readonly headroom: number
  readonly quotas: readonly { readonly of: string; readonly bytes: number }[]
}
