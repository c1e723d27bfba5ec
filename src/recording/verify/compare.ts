import { formatDuration } from '../../kernel/units.ts'
import { follows, type SegmentMark } from '../../wire/mp4/index.ts'
import { uncovered } from '../intervals.ts'
import type { CoveragePiece, Interval, Segment } from '../types.ts'
import type { CheckedFile, Finding } from './types.ts'

/** Milliseconds by which times in a row may differ from the file's, for rounding. */
const ROUNDING = 1
/** Milliseconds between two segments that nobody need explain: arrivals jitter. */
const TOLERANCE = 1_500
/** Milliseconds by which a session may begin before the one before it has ended. */
const OVERLAP = 5_000

/** What is wrong with a file by itself. `camera` and `stream`: whose folder it lies in. An open file is no fault here. */
export function fileFindings(file: CheckedFile, camera: string, stream: string): Finding[] {
  const { path, state, detail, mark, sha256, found } = file
  const at = mark?.wallStart ?? null
  if (state === 'damaged' || state === 'unreadable' || state === 'empty') return [{ kind: state, path, at, detail }]
  const findings: Finding[] = []
  if (mark && (mark.camera !== camera || mark.stream !== stream)) {
    findings.push({ kind: 'misplaced', path, at, detail: `it is of ${mark.camera}, ${mark.stream} stream` })
  }
  if (found !== null && found !== sha256) {
    findings.push({
      kind: 'hash',
      path,
      at,
      detail: `SHA-256 is ${short(found)}, and was ${short(sha256)} when recorded`,
    })
  }
  return findings
}

/** Where a row of the index and a closed file do not say the same. The row wins nowhere: the file is the truth. */
export function rowFindings(row: Segment, file: CheckedFile): Finding[] {
  const { path, mark } = file
  const differences: string[] = []
  const compare = (name: string, inRow: unknown, inFile: unknown) => {
    if (inRow !== inFile) differences.push(`${name} ${inRow ?? 'none'}, file ${inFile ?? 'none'}`)
  }
  compare('bytes', row.bytes, file.bytes)
  if (mark) {
    compare('session', row.session, mark.session)
    compare('number', row.number, mark.number)
    // Workers of an earlier version counted the frames of all tracks.
    if (row.frames !== file.frames) compare('frames', row.frames, file.leadFrames)
    compare('codec', row.codec, file.codec)
    const end = endOf(mark, file.duration)
    if (Math.abs(row.start - mark.wallStart) > ROUNDING) compare('start', time(row.start), time(mark.wallStart))
    if (Math.abs(row.end - end) > ROUNDING) compare('end', time(row.end), time(end))
    if (row.sha256 !== file.sha256) differences.push(`hash ${short(row.sha256)}, file ${short(file.sha256)}`)
  }
  if (differences.length === 0) return []
  return [{ kind: 'row-differs', path, at: mark?.wallStart ?? row.start, detail: `index: ${differences.join('; ')}` }]
}

/** A closed segment, as its neighbour sees it. */
export interface Neighbour {
  readonly path: string
  readonly mark: SegmentMark
  /** Ticks of the mark's timescale. */
  readonly duration: number
}

/** What stands between two files of one camera that follow each other in time. */
export interface Between {
  readonly findings: readonly Finding[]
  /** Time that is in neither; undefined when there is none worth a question. */
  readonly hole: (Interval & { readonly sameSession: boolean }) | undefined
}

/** Looks at two neighbours; `first` begins before `second` or together with it. */
export function between(first: Neighbour, second: Neighbour): Between {
  const { mark, path } = second
  const at = mark.wallStart
  if (follows(first.mark, first.duration, mark)) return { findings: [], hole: undefined }
  const sameSession = first.mark.session === mark.session
  if (sameSession && mark.number === first.mark.number) {
    const detail = `number ${mark.number} of its session, as ${first.path}`
    return { findings: [{ kind: 'duplicate', path, at, detail }], hole: undefined }
  }
  const start = endOf(first.mark, first.duration)
  const stepped = mark.reason === 'clock-step'
  if (start - at > OVERLAP && !stepped) {
    const detail = `begins ${formatDuration(start - at)} before ${first.path} ends`
    return { findings: [{ kind: 'overlap', path, at, detail }], hole: undefined }
  }
  return { findings: [], hole: at - start > TOLERANCE ? { start, end: at, sameSession } : undefined }
}

/**
 * The milliseconds of a hole that the account does not explain; its pieces may overlap. Footage that it takes for recorded is no explanation; and
 * within one session, which is one unbroken connection, neither is that nothing ran.
 */
export function unexplained(
  hole: Interval & { readonly sameSession: boolean },
  pieces: readonly CoveragePiece[],
): number {
  const explained = pieces.filter(({ state, detail }) => {
    const idle = state === 'node-down' || state === 'other'
    return state !== 'recorded' && !(idle && hole.sameSession && detail === null)
  })
  const left = uncovered(hole, explained).reduce((sum, { start, end }) => sum + end - start, 0)
  return left > TOLERANCE ? left : 0
}

/** Wall-clock milliseconds at which a segment ends. */
function endOf(mark: SegmentMark, duration: number): number {
  return mark.wallStart + (duration * 1_000) / mark.timescale
}

function short(hash: string | null): string {
  return hash === null ? 'none' : `${hash.slice(0, 12)}…`
}

function time(at: number): string {
  return new Date(at).toISOString()
}
