import { dirname, join } from 'node:path'
import { messageOf, systemCode } from '../../kernel/errors.ts'
import type { DoomedSegment } from '../segment-index/doomed-segments.ts'
import type { SegmentIndex } from '../segment-index/segment-index.ts'
import type { Segment } from '../types.ts'
import { fileAtPath } from './own-file.ts'
import type { RetentionFs } from './retention-fs.ts'

/** Where footage is deleted. */
export interface DeletionPlace {
  readonly index: SegmentIndex
  /** Absolute path of the storage, and the id that its marker must have. */
  readonly storage: string
  readonly storageId: string
  readonly fs: RetentionFs
}

/** A segment whose file stays, and why: it is not what the index says, or cannot be read. */
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
        await fs.unlink(path)
        unlinked.push(one)
      }
    } catch (error) {
      const code = systemCode(error)
      if (code === 'ENOENT') gone.push(one)
      else {
        trouble = `${one.segment.path}: ${messageOf(error)}`
        // One file on a bad sector must not be in the way of all others for ever.
        if (code === 'EIO') left.push({ segment: one.segment, why: messageOf(error) })
        break
      }
    }
  }
  if (left.length > 0) index.doomed.spare(left.map(({ segment }) => segment))
  // A file that is not there counts as gone only where the disk is: it may have been unmounted while we looked.
  const missing = gone.length > 0 ? await storageTrouble(place) : null
  trouble ??= missing
  // Another process that deletes as well may have taken some between mark and look.
  const lost = missing === null ? gone.filter(({ segment }) => index.doomed.has(segment)) : []
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

async function storageTrouble({ fs, storage, storageId }: DeletionPlace): Promise<string | null> {
  try {
    const id = await fs.storageId(storage)
    if (id === storageId) return null
    return id === undefined
      ? `the marker of the storage is missing in ${storage}: is the disk mounted?`
      : `${storage} holds another archive`
  } catch (error) {
    return messageOf(error)
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
