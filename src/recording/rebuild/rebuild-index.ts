import { basename, join } from 'node:path'
import { messageOf, systemCode } from '../../kernel/errors.ts'
import { readMarker } from '../../media/recorder/index.ts'
import { type ArchiveFolder, archiveFolders, dayOf, listFolder } from '../folders.ts'
import { uncovered } from '../intervals.ts'
import type { SegmentIndex } from '../segment-index/segment-index.ts'
import type { Segment } from '../types.ts'
import { segmentOfFile } from './segment-of-file.ts'
import { isDated, type UnmarkedFile, unmarkedSegments } from './unmarked-run.ts'

export interface RebuildOptions {
  /** Absolute. */
  readonly storage: string
  readonly index: SegmentIndex
  /** What local names of files are in. */
  readonly timezone: string
  /** Wall-clock milliseconds. */
  readonly now: number
  readonly signal?: AbortSignal | undefined
  /** Files looked at, of how many. */
  readonly progress?: (done: number, total: number) => void
}

export interface RebuildResult {
  /** Files that look like segments. */
  readonly files: number
  /** The index had them already; they were not opened. */
  readonly known: number
  readonly added: number
  /** Being written, or left by a crash: `archive repair` closes those. */
  readonly open: number
  /** Holes between segments that the end of the one before explains. */
  readonly explained: number
  /** Not ours, or not readable; the first of them. */
  readonly skipped: number
  readonly skippedFiles: readonly { readonly path: string; readonly why: string }[]
}

/** Files that are opened at once: enough to keep the disks busy. */
const AT_ONCE = 32
/** Skipped files that are named. */
const MOST_NAMED = 1_000
const DAY = 86_400_000
/** How a segment ends that says nothing of what comes behind it. */
const SILENT = new Set(['duration', 'repaired'])

/**
 * Reads into the index what the files of an archive say and it lacks. Deletes nothing, neither files nor rows; interrupted
 * and begun again it goes on where it was, for what is known is not opened. The index is complete then, if the storage's marker was there
 * all the time. Rejects with the error of the disk, also when the storage is not there, and with the signal's reason.
 */
export async function rebuildIndex({
  storage,
  index,
  timezone,
  now,
  signal,
  progress,
}: RebuildOptions): Promise<RebuildResult> {
  const before = await readMarker(storage)
  const wasComplete = before !== undefined && index.isComplete(before.id)
  let total = 0
  for await (const { folder } of archiveFolders(storage)) {
    signal?.throwIfAborted()
    total += (await listFolder(storage, folder)).paths.length
  }
  const result = { files: total, known: 0, added: 0, open: 0, explained: 0, skipped: 0 }
  const skippedFiles: { path: string; why: string }[] = []
  const touched = new Set<string>()
  let done = 0
  for await (const of of archiveFolders(storage)) {
    signal?.throwIfAborted()
    const { paths } = await listFolder(storage, of.folder)
    const known = knownPaths(index, of)
    const unknown = paths.filter(path => !known.has(path))
    result.known += paths.length - unknown.length
    done += paths.length - unknown.length
    const unmarked: UnmarkedFile[] = []
    for (let from = 0; from < unknown.length; from += AT_ONCE) {
      signal?.throwIfAborted()
      const some = unknown.slice(from, from + AT_ONCE)
      const segments: Segment[] = []
      for (const [place, found] of (await Promise.all(some.map(path => lookAt(storage, path, of)))).entries()) {
        const path = some[place]!
        if (found.kind === 'segment') segments.push(found.segment)
        else if (found.kind === 'unmarked') unmarked.push({ name: basename(path), ...found })
        else if (found.kind === 'open') result.open++
        else {
          result.skipped++
          if (skippedFiles.length < MOST_NAMED) skippedFiles.push({ path, why: found.why })
        }
      }
      result.added += index.add(segments)
      done += some.length
      progress?.(done, total)
    }
    result.added += index.add(unmarkedSegments(unmarked, of, timezone))
    // Until all files were in it once, an earlier run may have been interrupted before it came to this.
    if (unknown.length > 0 || !wasComplete) touched.add(of.camera)
  }
  for (const camera of touched) result.explained += explainHoles(index, camera)
  // Where the disk was away, or went meanwhile, there was nothing to be seen of most of it.
  if (before !== undefined && (await readMarker(storage))?.id === before.id) index.setComplete(before.id, now)
  return { ...result, skippedFiles }
}

/**
 * Paths of the segments that the index has in a folder. Names of days are in UTC or in the site's zone: what begins a day before or behind
 * may lie in it. Paths of other folders may be among them.
 */
function knownPaths(index: SegmentIndex, { camera, stream, folder }: ArchiveFolder): Set<string> {
  const day = dayOf(folder)
  const start = day === undefined ? 0 : Date.parse(`${day}T00:00:00Z`)
  const whole = day === undefined || Number.isNaN(start)
  const span = whole ? { start: 0, end: Number.MAX_SAFE_INTEGER } : { start: start - DAY, end: start + 2 * DAY }
  return new Set(index.segments(camera, span, stream).map(({ path }) => path))
}

async function lookAt(storage: string, path: string, of: ArchiveFolder): ReturnType<typeof segmentOfFile> {
  try {
    const found = await segmentOfFile(join(storage, path), path, of)
    if (found.kind !== 'unmarked' || isDated(basename(path))) return found
    return { kind: 'foreign', why: 'neither a mark of ours in it nor a time in its name' }
  } catch (error) {
    // The file is unreadable, or gone since; a disk that fails whole shows in the directories.
    if (systemCode(error) === undefined) throw error
    return { kind: 'foreign', why: messageOf(error) }
  }
}

/**
 * Where neither a gap nor anything else is noted between two stretches of a recording, the last segment before the hole says
 * why it ended. Gives how many holes that explained.
 */
function explainHoles(index: SegmentIndex, camera: string): number {
  const whole = index.whole(camera)
  if (!whole) return 0
  const known = [...index.recorded(camera, whole), ...index.gaps(camera, whole), ...index.removed(camera, whole)]
  let explained = 0
  for (const hole of uncovered(whole, known)) {
    const before = index.segments(camera, { start: hole.start - 1, end: hole.start }).at(-1)
    if (!before || SILENT.has(before.ended)) continue
    index.note(camera, [{ ...hole, reason: before.ended }])
    explained++
  }
  return explained
}
