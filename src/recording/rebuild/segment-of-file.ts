import { inspectSegment, readSegmentHeader } from '../../media/segment-file/index.ts'
import type { Segment } from '../types.ts'
import type { ArchiveDay } from './archive-days.ts'

/** What a file of an archive turns out to be. */
export type FileKind =
  /** Closed: what the index should say of it. */
  | { readonly kind: 'segment'; readonly segment: Segment }
  /** Of ours, and not closed: it is being written, or a crash left it. */
  | { readonly kind: 'open' }
  /** ffmpeg recorded it: it says how long it is, and only its name says when it began. */
  | { readonly kind: 'unmarked'; readonly duration: number; readonly codec: string; readonly bytes: number }
  /** No segment, or of another camera. */
  | { readonly kind: 'foreign'; readonly why: string }

/** Reads what a file says of itself. Rejects with the error of the disk. */
export async function segmentOfFile(absolute: string, path: string, day: ArchiveDay): Promise<FileKind> {
  const header = await readSegmentHeader(absolute)
  if (!header) return { kind: 'foreign', why: 'no segment' }
  const { mark, end, size, tracks, lead } = header
  const codec = tracks.find(({ id }) => id === lead)?.codec ?? 'other'
  if (!mark) {
    const found = await inspectSegment(absolute)
    if (!found || found.fragments === 0) return { kind: 'foreign', why: 'no segment of ours' }
    return { kind: 'unmarked', duration: (found.duration * 1_000) / found.timescale, codec, bytes: size }
  }
  if (mark.camera !== day.camera || mark.stream !== day.stream)
    return { kind: 'foreign', why: `a segment of ${mark.camera}, ${mark.stream} stream` }
  if (!end) return { kind: 'open' }
  const { camera, stream, session, number, wallStart, timescale, reason, clockOffset } = mark
  return {
    kind: 'segment',
    segment: {
      camera,
      stream,
      session,
      number,
      path,
      start: wallStart,
      end: wallStart + (end.duration * 1_000) / timescale,
      bytes: size,
      frames: end.frames,
      codec,
      began: reason,
      ended: end.reason,
      clockOffset,
      sha256: end.sha256,
    },
  }
}
