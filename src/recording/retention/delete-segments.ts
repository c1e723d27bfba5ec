import { dirname, join } from 'node:path'
import { messageOf, systemCode } from '../../kernel/errors.ts'
import type { DoomedSegment } from '../segment-index/doomed-segments.ts'
import type { SegmentIndex } from '../segment-index/segment-index.ts'
import type { Segment } from '../types.ts'
import { fileAtPath } from './own-file.ts'
import type { RetentionFs } from './retention-fs.ts'
import { storageTrouble } from './storage-trouble.ts'

/** Where footage is deleted. */
export interface DeletionPlace {
  readonly index: SegmentIndex
  /** Absolute path of the storage, and the id that its marker must have. */
  readonly storage: string
  readonly storageId: string
  readonly fs: RetentionFs
}

/** A segment whose file stays, and why: it is not what the index says, or cannot be read or deleted. */
export interface LeftSegment {
  readonly segment: Segment
  readonly why: string
}

/** What became of a batch. */
export interface DeletionResult {
  /** Files that were unlinked, and their bytes. */
  readonly files: number
  readonly bytes: number
  /** Rows that went although their file was gone already. */
  readonly gone: number
  /** Files that stay, and so do their rows, no longer marked. */
  readonly left: readonly LeftSegment[]
  /** Why it ended early: the rest is still marked, and tried again later. Null when all was done. */
  readonly trouble: string | null
}

/** Errors that say that this file cannot be deleted, but nothing of the disk: what is immutable, or in a directory of root's. */
const NOT_OF_THE_DISK: ReadonlySet<string> = new Set([
  'EACCES',
  'EPERM',
  'EBUSY',
  'ETXTBSY',
  'EISDIR',
  'ELOOP',
  'ENAMETOOLONG',
])
/** Those with which another file may still be deleted, though perhaps later. */
const OF_THE_FILE: ReadonlySet<string> = new Set([...NOT_OF_THE_DISK, 'EIO'])
/** Segments that one transaction takes out of the index: a few milliseconds. */
const AT_ONCE = 10
/** Days behind which nobody begins a file in a directory, whatever zone its name is in. */
const SETTLED = 3 * 86_400_000

/**
 * Deletes marked segments: the file, then the row. Whatever ends it in between, what is marked still is, and this does the rest
 * another time. Where the marker of the storage is missing nothing is deleted and nothing forgotten: the disk is not mounted.
 * `breathe` is awaited between transactions. Does not reject for errors of the disk.
 */
export async function deleteSegments(
  place: DeletionPlace,
  doomed: readonly DoomedSegment[],
  now: number,
  breathe: () => Promise<unknown>,
): Promise<DeletionResult> {
  const { fs, storage, index } = place
  const left: LeftSegment[] = []
  const held: Segment[] = []
  const unlinked: DoomedSegment[] = []
  const gone: DoomedSegment[] = []
  let trouble = await storageTrouble(place)
  for (const one of trouble === null ? doomed : []) {
    const path = join(storage, one.segment.path)
    try {
      const found = await fileAtPath(fs, path, one.segment)
      if (found.kind === 'other') left.push({ segment: one.segment, why: found.why })
      else if (found.kind === 'gone') gone.push(one)
      else {
        // Since it was marked it may have been held, or deleted by another process: looked at as late as can be.
        const standing = index.doomed.standing(one.segment)
        if (standing === 'held') held.push(one.segment)
        if (standing !== 'doomed') continue
        await fs.unlink(path)
        unlinked.push(one)
      }
    } catch (error) {
      const code = systemCode(error)
      if (code === 'ENOENT') gone.push(one)
      else {
        // One file on a bad sector, or that somebody made immutable, must not be in the way of all others for ever.
        if (OF_THE_FILE.has(code ?? '')) left.push({ segment: one.segment, why: messageOf(error) })
        if (NOT_OF_THE_DISK.has(code ?? '')) continue
        trouble = `${one.segment.path}: ${messageOf(error)}`
        break
      }
    }
  }
  const spared = [...left.map(({ segment }) => segment), ...held]
  if (spared.length > 0) index.doomed.spare(spared)
  // A file that is not there counts as gone only where the disk is: it may have been unmounted while we looked.
  const missing = gone.length > 0 ? await storageTrouble(place) : null
  trouble ??= missing
  // Another process that deletes as well may have taken some between mark and look.
  const lost = missing === null ? gone.filter(({ segment }) => index.doomed.standing(segment) !== 'over') : []
  const done = new Set([...unlinked, ...lost])
  // In their order, so that what the index notes of their time is one stretch.
  const finished = doomed.filter(one => done.has(one))
  // Before the rows: who is killed here tries the directory again with them.
  await removeEmptyDirectories(place, finished, now)
  for (let from = 0; from < finished.length; from += AT_ONCE) {
    await breathe()
    const portion = finished.slice(from, from + AT_ONCE)
    for (const [reason, its] of Map.groupBy(portion, one => one.reason))
      index.remove(
        its.map(({ segment }) => segment),
        reason,
      )
  }
  return {
    files: unlinked.length,
    bytes: unlinked.reduce((sum, { segment }) => sum + segment.bytes, 0),
    gone: lost.length,
    left,
    trouble,
  }
}

/** Directories of days that are over and have nothing left in them. A worker may be about to write into those of today. */
async function removeEmptyDirectories(
  { fs, storage }: DeletionPlace,
  finished: readonly DoomedSegment[],
  now: number,
): Promise<void> {
  for (const directory of new Set(finished.map(({ segment }) => dirname(segment.path)))) {
    const day = Date.parse(directory.slice(directory.lastIndexOf('/') + 1))
    // It is not empty, or is gone; a disk that fails shows with the next file.
    if (now - day > SETTLED) await fs.removeDirectory(join(storage, directory)).catch(() => {})
  }
}
