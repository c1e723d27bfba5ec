import { closedSegment, inspectSegment, leadingCodec, readSegmentHeader } from '../../media/segment-file/index.ts'
import type { ArchiveFolder } from '../folders.ts'
import type { Segment } from '../types.ts'

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

/** Milliseconds that no segment is long: the longest there are take four hours. */
const TOO_LONG = 24 * 3_600_000

/** Reads what a file says of itself. `path` is relative to the storage path. Rejects with the error of the disk. */
export async function segmentOfFile(absolute: string, path: string, of: ArchiveFolder): Promise<FileKind> {
  const header = await readSegmentHeader(absolute)
  if (!header) return { kind: 'foreign', why: 'no segment' }
  const { mark, size } = header
  if (!mark) {
    const found = await inspectSegment(absolute)
    if (!found || found.fragments === 0) return { kind: 'foreign', why: 'no segment of ours' }
    const duration = (found.duration * 1_000) / found.timescale
    if (!(duration <= TOO_LONG)) return tooLong(duration)
    return { kind: 'unmarked', duration, codec: leadingCodec(header), bytes: size }
  }
  if (mark.camera !== of.camera || mark.stream !== of.stream)
    return { kind: 'foreign', why: `a segment of ${mark.camera}, ${mark.stream} stream` }
  const segment = closedSegment(path, header)
  if (!segment) return { kind: 'open' }
  const duration = segment.end - segment.start
  return duration <= TOO_LONG ? { kind: 'segment', segment } : tooLong(duration)
}

/** Whoever edited it by hand must not make years of an account. */
function tooLong(duration: number): FileKind {
  return { kind: 'foreign', why: `it claims to be ${Math.round(duration / 3_600_000)} h long` }
}
