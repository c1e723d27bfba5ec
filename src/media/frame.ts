import type { CodecParameters, Track } from '../wire/track.ts'
import type { SlabRange } from './memory/frame-writer.ts'

/** Which of a camera's two streams. */
export type StreamRole = 'main' | 'sub'

/**
 * One access unit in the frame store. Whoever keeps a frame beyond the call that brought it retains its slab
 * (`frame.slab.retain()`) and releases it when done. Times are ticks of the track's clock since the session's first frame.
 */
export interface Frame extends SlabRange {
  /** Index into {@link MediaSession.tracks}. */
  readonly track: number
  readonly pts: number
  readonly dts: number
  readonly key: boolean
  /** Wall-clock time of arrival, milliseconds since the epoch. */
  readonly arrived: number
  /** Position among the frames of its track in this session, from 0. */
  readonly number: number
}

/** One track of a session, with what a decoder needs. */
export interface SessionTrack {
  readonly source: Track
  /** Undefined for codec `other`: its "frames" are whole RTP packets, header and all, as they came. */
  readonly parameters: CodecParameters | undefined
}

/**
 * One unbroken run of a camera stream: one connection, one set of codec parameters. A reconnect, new parameters or a jump of
 * the media time begin a new one.
 */
export interface MediaSession {
  /** Unique over all restarts: sorts by time. */
  readonly id: string
  readonly camera: string
  readonly stream: StreamRole
  readonly tracks: readonly SessionTrack[]
  /** Index of the video track, or -1. */
  readonly video: number
  /** Why it was begun. */
  readonly reason: 'first' | 'reconnect' | 'parameters' | 'clock-step'
  /** Camera clock minus ours, milliseconds, by the latest sender report; undefined until one came. */
  clockOffset: number | undefined
}
