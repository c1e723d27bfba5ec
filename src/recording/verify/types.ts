import type { StreamRole } from '../../media/frame.ts'
import type { SegmentMark } from '../../wire/mp4/index.ts'
import type { CoveragePiece, Interval, Segment } from '../types.ts'

/** What is wrong, the worst first. */
export const FINDING_KINDS = [
  /** The bytes of a closed file are not those that were recorded. */
  'hash',
  /** A closed file is shorter than it says, or has something else in its middle. */
  'damaged',
  /** The system does not let it be read. */
  'unreadable',
  /** The index has a row for it, and it is not there. */
  'no-file',
  /** Footage is missing, and nothing in the account says why. */
  'hole',
  /** The index and the file say different things. */
  'row-differs',
  /** The index does not know of it. */
  'no-row',
  /** It is in the folder of another camera or stream. */
  'misplaced',
  /** A second file with the same place in the same session. */
  'duplicate',
  /** Two sessions were recorded at the same time. */
  'overlap',
  /** Left open by a crash; `archive repair` closes it. */
  'torn',
  /** Left by a crash before there was anything in it. */
  'empty',
] as const

export type FindingKind = (typeof FINDING_KINDS)[number]

export interface Finding {
  readonly kind: FindingKind
  /** Relative to the storage path; of the file behind it for a hole. */
  readonly path: string
  /** Wall-clock milliseconds of the footage concerned; null where nobody knows. */
  readonly at: number | null
  /** One clause for a person. */
  readonly detail: string
}

/** What reading a file of the archive showed. */
export interface CheckedFile {
  /** Relative to the storage path. */
  readonly path: string
  /**
   * `closed`: in order. `open`: not closed, whole fragments in it. `empty`: not closed, nothing in it. `damaged`: closed, and not
   * what it says. `unmarked`: a film, not of our recorder. `foreign`: no film. `unreadable`, `gone`: the system says so.
   */
  readonly state: 'closed' | 'open' | 'empty' | 'damaged' | 'unmarked' | 'foreign' | 'unreadable' | 'gone'
  /** What is wrong, one clause. */
  readonly detail: string
  readonly bytes: number
  /** Wall-clock milliseconds of the last change. */
  readonly modified: number
  readonly mark: SegmentMark | undefined
  /** Ticks of the mark's timescale. */
  readonly duration: number
  /** Frames of all tracks. */
  readonly frames: number
  /** Frames of the track that leads. */
  readonly leadFrames: number
  readonly codec: string
  /** As the file says it. */
  readonly sha256: string | null
  /** That the bytes have; null when they were not read, or the file says no hash. */
  readonly found: string | null
}

/** What an archive is held against. */
export interface VerifySources {
  /** Absolute storage path. */
  readonly storage: string
  /** Rows of the index that overlap a span. */
  segments(camera: string, span: Interval, stream: StreamRole): readonly Segment[]
  /** What became of each second of a camera's main stream. */
  account(camera: string, span: Interval): Promise<readonly CoveragePiece[]>
}

/** What became of one camera's files. */
export interface CameraVerdict {
  readonly camera: string
  /** Nothing was found. */
  readonly ok: boolean
  readonly files: number
  readonly bytes: number
  /** Bytes of files whose hash was compared. */
  readonly hashed: number
  /** Closed files that say no hash. */
  readonly withoutHash: number
  /** Files that are being written now. */
  readonly open: readonly string[]
  /** How many of each kind; kinds that were not found are left out. */
  readonly counts: Partial<Record<FindingKind, number>>
  /** The worst first; those beyond the first thousand are counted only. */
  readonly findings: readonly Finding[]
  /** Files and folders that are not of this archive; the first hundred. They are no fault. */
  readonly foreign: readonly string[]
}

export interface VerifyReport {
  readonly ok: boolean
  readonly deep: boolean
  readonly files: number
  readonly bytes: number
  readonly hashed: number
  /** Milliseconds that it took. */
  readonly elapsed: number
  readonly cameras: readonly CameraVerdict[]
  /** Beside the cameras; see {@link CameraVerdict.foreign}. */
  readonly foreign: readonly string[]
}
