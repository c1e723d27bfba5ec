import { join } from 'node:path'
import { messageOf, systemCode } from '../../kernel/errors.ts'
import { readMarker } from '../../media/recorder/index.ts'
import { uncovered } from '../intervals.ts'
import type { SegmentIndex } from '../segment-index/segment-index.ts'
import type { Segment } from '../types.ts'
import { type ArchiveDay, archiveDays } from './archive-days.ts'
import { segmentOfFile } from './segment-of-file.ts'
import { type UnmarkedFile, unmarkedSegments } from './unmarked-run.ts'

export interface RebuildOptions {
  /** Absolute. */
  readonly storage: string
  readonly index: SegmentIndex
  /** What local names of files are in. */
  readonly timezone: string
  /** Wall-clock milliseconds. */
  readonly now: number
  /** Only these; all when not given. */
  readonly cameras?: ReadonlySet<string> | undefined
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
 * and begun again it goes on where it was, for what is known is not opened. The index is complete then, if all cameras were asked
 * for and the storage's marker was there all the time. Rejects with the error of the disk, and with the signal's reason.
 */
export async function rebuildIndex(options: RebuildOptions): Promise<RebuildResult> {
  const { storage, cameras, progress } = options
  const before = await readMarker(storage)
  let total = 0
  for await (const { names } of archiveDays(storage, cameras)) {
    options.signal?.throwIfAborted()
    total += names.filter(isCandidate).length
  }
  const result = { files: total, known: 0, added: 0, open: 0, explained: 0, skipped: 0 }
  const skippedFiles: { path: string; why: string }[] = []
  const touched = new Set<string>()
  let done = 0
  for await (const day of archiveDays(storage, cameras)) {
    const candidates = day.names.filter(isCandidate)
    if (candidates.length === 0) continue
    const known = knownPaths(options.index, day)
    const unknown = candidates.filter(name => !known.has(`${day.directory}/${name}`))
    result.known += candidates.length - unknown.length
    done += candidates.length - unknown.length
    const unmarked: UnmarkedFile[] = []
    for (let from = 0; from < unknown.length; from += AT_ONCE) {
      options.signal?.throwIfAborted()
      const names = unknown.slice(from, from + AT_ONCE)
      const segments: Segment[] = []
      for (const [place, found] of (await Promise.all(names.map(name => lookAt(storage, day, name)))).entries()) {
        const name = names[place]!
        if (found.kind === 'segment') segments.push(found.segment)
        else if (found.kind === 'unmarked') unmarked.push({ name, ...found })
        else if (found.kind === 'open') result.open++
        else {
          result.skipped++
          if (skippedFiles.length < MOST_NAMED) skippedFiles.push({ path: `${day.directory}/${name}`, why: found.why })
        }
      }
      result.added += options.index.add(segments)
      done += names.length
      progress?.(done, total)
    }
    result.added += options.index.add(unmarkedSegments(unmarked, day, options.timezone))
    if (unknown.length > 0) touched.add(day.camera)
  }
  for (const camera of touched) result.explained += explainHoles(options.index, camera)
  // Where the disk was away, or went meanwhile, there was nothing to be seen of most of it.
  const isWhole = before !== undefined && (await readMarker(storage))?.id === before.id
  if (!cameras && isWhole) options.index.setComplete(before.id, options.now)
  return { ...result, skippedFiles }
}

function isCandidate(name: string): boolean {
  return name.endsWith('.mp4') && !name.startsWith('.')
}

/** Names of a day are in UTC or in the site's zone: what begins a day before or behind may lie in its directory. */
function knownPaths(index: SegmentIndex, { camera, stream, day }: ArchiveDay): Set<string> {
  const start = day === undefined ? 0 : Date.parse(`${day}T00:00:00Z`)
  const span =
    day === undefined ? { start, end: Number.MAX_SAFE_INTEGER } : { start: start - DAY, end: start + 2 * DAY }
  return new Set(index.segments(camera, span, stream).map(({ path }) => path))
}

async function lookAt(storage: string, day: ArchiveDay, name: string): ReturnType<typeof segmentOfFile> {
  const path = `${day.directory}/${name}`
  try {
    return await segmentOfFile(join(storage, path), path, day)
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
