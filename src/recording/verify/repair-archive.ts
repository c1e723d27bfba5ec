import { stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../kernel/clock.ts'
import { messageOf, systemCode } from '../../kernel/errors.ts'
import { closedSegment, type Repair, readSegmentHeader, repairSegment } from '../../media/segment-file/index.ts'
import { archiveFolders, hasSegmentName, listFolder } from '../folders.ts'
import type { Segment } from '../types.ts'

/** Milliseconds in which a file must not have changed before anybody but its writer touches it. */
const UNTOUCHED = 10_000

/** What became of a file that was never closed. Files that are in order are not told of. */
export interface RepairedFile {
  /** Relative to the storage path. */
  readonly path: string
  /**
   * See {@link Repair}; `removed`: there was nothing in it. `to-repair`, `to-remove`: what a run that may change things would do.
   * `writing`: it is being written, or was a moment ago. `failed`: the system said so.
   */
  readonly outcome: 'repaired' | 'removed' | 'damaged' | 'foreign' | 'to-repair' | 'to-remove' | 'writing' | 'failed'
  /** Bytes that were cut off, or would be. */
  readonly removed: number
  /** One clause for a person; empty when the outcome says it all. */
  readonly detail: string
}

export interface RepairReport {
  /** Files that were looked at. */
  readonly files: number
  readonly repaired: number
  /** Files that somebody should look at: damaged, or the disk did not let them be repaired. */
  readonly failed: number
  readonly outcomes: readonly RepairedFile[]
}

export interface RepairOptions {
  /** Absolute. */
  readonly storage: string
  readonly cameras: readonly string[]
  /** These files only, relative to the storage path; all of the cameras when not given. */
  readonly paths?: readonly string[] | undefined
  /** Looks and changes nothing. */
  readonly dryRun: boolean
  /** Whether somebody has the file open for writing now. */
  readonly beingWritten: (path: string) => boolean
  /** A segment is closed now: the index should have it, in place of a row of the same path. */
  readonly record: (segment: Segment) => void
  readonly clock: Clock
  readonly signal?: AbortSignal | undefined
  readonly progress?: (path: string, files: number) => void
}

/**
 * Closes the segments that crashes left open: each is cut behind its last whole fragment. Nothing else is touched: no file in
 * order, of somebody else, damaged in its middle, or changed in the last ten seconds. Interrupted or killed, it leaves each
 * file as it was or repaired, and can be run again. Rejects with the error of a disk that cannot be listed, and with the
 * signal's reason.
 */
export async function repairArchive(options: RepairOptions): Promise<RepairReport> {
  const { storage, cameras, signal, progress } = options
  const outcomes: RepairedFile[] = []
  let files = 0
  for await (const path of options.paths ?? everyPath(storage, cameras)) {
    signal?.throwIfAborted()
    progress?.(path, ++files)
    const outcome = await repairOne(options, path)
    if (outcome) outcomes.push(outcome)
  }
  const count = (...wanted: RepairedFile['outcome'][]) =>
    outcomes.filter(({ outcome }) => wanted.includes(outcome)).length
  return { files, repaired: count('repaired'), failed: count('damaged', 'failed'), outcomes }
}

async function* everyPath(storage: string, cameras: readonly string[]): AsyncGenerator<string> {
  for await (const { folder } of archiveFolders(storage, cameras)) yield* (await listFolder(storage, folder)).paths
}

/** Undefined for what is in order, or not ours. */
async function repairOne(options: RepairOptions, path: string): Promise<RepairedFile | undefined> {
  const { storage, dryRun, record, paths } = options
  const named = paths !== undefined
  try {
    const header = await readSegmentHeader(join(storage, path))
    const hollow = !header && hasSegmentName(path) && (await stat(join(storage, path))).size === 0
    if (!hollow && !header?.mark) {
      return named ? { path, outcome: 'foreign', removed: 0, detail: 'not of this recorder' } : undefined
    }
    // Closed files are not gone through unless asked for: that is for `verify`, and nothing here would change them.
    if (header?.end && !named) return undefined
    if (!header?.end && (await mayBeWritten(options, path))) return { path, outcome: 'writing', removed: 0, detail: '' }
    const done = await repairSegment(join(storage, path), { dryRun })
    if (done?.outcome === 'complete') return undefined
    if (hollow || done?.outcome === 'empty') {
      if (!dryRun) await unlink(join(storage, path))
      return {
        path,
        outcome: dryRun ? 'to-remove' : 'removed',
        removed: header?.size ?? 0,
        detail: 'nothing whole in it',
      }
    }
    if (!done) return undefined
    if (done.outcome === 'repaired' && !dryRun) {
      const segment = closedSegment(path, done.segment)
      if (!segment)
        return { path, outcome: 'failed', removed: done.removed, detail: 'its header has no room for an end' }
      record(segment)
    }
    const outcome = done.outcome === 'repaired' && dryRun ? 'to-repair' : done.outcome
    return { path, outcome, removed: done.removed, detail: outcome === 'damaged' ? damage(done) : '' }
  } catch (error) {
    const code = systemCode(error)
    if (code === undefined) throw error
    if (code === 'ENOENT' && !named) return undefined
    return { path, outcome: 'failed', removed: 0, detail: messageOf(error) }
  }
}

async function mayBeWritten({ clock, storage, beingWritten }: RepairOptions, path: string): Promise<boolean> {
  if (beingWritten(path)) return true
  const { mtimeMs } = await stat(join(storage, path))
  return clock.wall() - mtimeMs < UNTOUCHED
}

function damage({ segment: { end, size, lastWholeFragmentEnd, frames } }: Repair): string {
  if (end && size === lastWholeFragmentEnd) return `closed with ${end.frames} frames, and has ${frames}`
  return `damaged from byte ${lastWholeFragmentEnd} on, and ${end ? 'closed before that' : 'whole again behind it'}`
}
