import type { CodecParameters } from '../track.ts'
import type { RunSamples } from './run-samples.ts'

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
  readonly samples: RunSamples
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
  /** Decode time of the first frame of the leading track: ticks of `timescale` since the session's first frame. */
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

/** What is known only when a segment is closed; patched into room that its mark keeps free. */
export interface SegmentEnd {
  /** Ticks of the mark's timescale: the sum of the sample durations of the track that leads (video, else the first). */
  readonly duration: number
  /** Why the segment ended: a short word of the recorder's ("duration", "reconnect", "stopped", "repaired"). */
  readonly reason: string
  /** Samples of the leading track. */
  readonly frames: number
  /**
   * SHA-256 of the file, 64 hex digits: of all that stands behind the init segment, then of the init segment with 64 times `0`
   * in place of these digits. Null where none was made.
   */
  readonly sha256: string | null
}

/** Where the durations of a file stand, so that they can be filled in when they are known. Byte offsets from its start. */
export interface DurationField {
  /** `movie` fields count in the movie's timescale, `media` in the track's, `extends` is the box that becomes `mehd`. */
  readonly kind: 'movie' | 'track' | 'media' | 'extends'
  /** Track id for `track` and `media`, else 0. */
  readonly trackId: number
  readonly offset: number
  /** Bytes of the field: 4 or 8. */
  readonly size: 4 | 8
}

/** Everything of a file before its first fragment. */
export interface InitSegment {
  readonly bytes: Buffer
  readonly durationFields: readonly DurationField[]
  /** Ticks a second of the movie's own times. */
  readonly movieTimescale: number
  /** Ticks a second of each track's times, by track id. */
  readonly timescales: ReadonlyMap<number, number>
  /** Room for {@link SegmentEnd} inside the mark; undefined in a file that has no mark of ours. */
  readonly endRoom: Room | undefined
  /** Room for the index of fragments, right before the first of them; undefined in a file that has no mark of ours. */
  readonly indexRoom: Room | undefined
}

/** A stretch of a file that is kept free for what is known later. */
export interface Room {
  /** Bytes from the start of the file. */
  readonly offset: number
  readonly size: number
}

/** Bytes to be written at `offset` of a file. */
export interface Patch {
  readonly offset: number
  readonly bytes: Buffer
}
