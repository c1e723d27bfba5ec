import type { StreamRole } from '../frame.ts'
import type { SegmentHeader } from './inspect-segment.ts'

/** A closed segment file: what journal, index and file say of it alike. */
export interface ClosedSegment {
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
  /** Hash of the file, 64 hex digits, as its end says (SegmentEnd); null where none was made (engine ffmpeg, an earlier version). */
  readonly sha256: string | null
}

/** Codec of the track that leads. */
export function leadingCodec({ tracks, lead }: Pick<SegmentHeader, 'tracks' | 'lead'>): string {
  return tracks.find(({ id }) => id === lead)?.codec ?? 'other'
}

/** What a file of vmsctl's recorder says of itself once it is closed; undefined for an open one, and for others. */
export function closedSegment(path: string, header: SegmentHeader): ClosedSegment | undefined {
  const { mark, end, size } = header
  if (!mark || !end) return undefined
  const { camera, stream, session, number, wallStart, timescale, reason, clockOffset } = mark
  return {
    camera,
    stream,
    session,
    number,
    path,
    start: wallStart,
    end: wallStart + (end.duration * 1_000) / timescale,
    bytes: size,
    frames: end.frames,
    codec: leadingCodec(header),
    began: reason,
    ended: end.reason,
    clockOffset,
    sha256: end.sha256,
  }
}
