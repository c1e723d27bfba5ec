import type { StreamRole } from '../media/frame.ts'

/** A stretch of time, wall-clock milliseconds since the epoch; `end` is not part of it. */
export interface Interval {
  readonly start: number
  readonly end: number
}

/** A closed segment file, as the index knows it. */
export interface Segment {
  readonly camera: string
  readonly stream: StreamRole
  /** Id of the session: one unbroken connection with one set of codec parameters. */
  readonly session: string
  /** Position in its session, from 0: `number + 1` follows it without a hole. */
  readonly number: number
  /** Relative to the storage path. */
  readonly path: string
  /** Wall-clock milliseconds of the first frame, and of the end of the last. */
  readonly start: number
  readonly end: number
  readonly bytes: number
  /** Frames of the leading track; 0 where ffmpeg recorded. */
  readonly frames: number
  /** Codec of the leading track. */
  readonly codec: string
  /** Why it was begun and why it ended, in the recorder's words. */
  readonly began: string
  readonly ended: string
  /** Camera clock minus ours when it was begun, milliseconds; null when no sender report had told. */
  readonly clockOffset: number | null
  /** Hash of the file, 64 hex digits; null where none was made (engine ffmpeg, an earlier version). */
  readonly sha256: string | null
}

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
