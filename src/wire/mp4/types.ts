import type { CodecParameters } from '../track.ts'

/** One track of a recorded file. */
export interface Mp4Track {
  /** Track id in the file, from 1. */
  readonly id: number
  /** Ticks a second of all times of this track. */
  readonly timescale: number
  readonly parameters: CodecParameters
}

/** One sample of a fragment. The bytes themselves are not handled here: the caller writes them behind the header. */
export interface Mp4Sample {
  /** Bytes. */
  readonly size: number
  /** Ticks until the next sample of the track is decoded. */
  readonly duration: number
  /** Ticks from decoding to presentation; may be negative. */
  readonly compositionOffset: number
  readonly key: boolean
}

/** The samples of one track in a fragment, in decoding order. */
export interface Mp4Run {
  readonly trackId: number
  /** Decode time of the first sample, ticks since the file's start (tfdt). */
  readonly decodeTime: number
  readonly samples: readonly Mp4Sample[]
}

/**
 * What a segment says about itself, in a `uuid` box of its own before the first fragment: enough to rebuild an index from
 * the files alone, and to prove that two neighbours have nothing between them
 * (same session, `number` + 1, `mediaTime` = the other's `mediaTime` + its duration).
 */
export interface SegmentMark {
  readonly version: 1
  readonly site: string
  readonly camera: string
  readonly stream: 'main' | 'sub'
  /** Id of the session: one unbroken connection with one set of codec parameters. */
  readonly session: string
  /** Position of this segment in its session, from 0. */
  readonly number: number
  /** Wall-clock time of the first frame, milliseconds since the epoch. */
  readonly wallStart: number
  /** Media time of the first video frame: ticks of `timescale` since the session's first frame. */
  readonly mediaTime: number
  readonly timescale: number
  /** Why this segment was begun. */
  readonly reason: SegmentReason
  /** Camera clock minus ours in milliseconds, when a sender report told. */
  readonly clockOffset: number | null
}

/** Why a segment was begun: the reader of an archive sees from it what happened between two files. */
export type SegmentReason =
  | 'first'
  | 'duration'
  | 'reconnect'
  | 'parameters'
  | 'clock-step'
  | 'frames-dropped'
  | 'disk-error'
  | 'resumed'
