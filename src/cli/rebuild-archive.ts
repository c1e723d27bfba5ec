import { chownSync, existsSync, statSync } from 'node:fs'
import { makeStateDirectory } from '../config/make-state-directory.ts'
import { statePaths } from '../config/state-paths.ts'
import type { SiteConfig } from '../config/types.ts'
import { openDatabase } from '../database/open.ts'
import { systemClock } from '../kernel/clock.ts'
import { messageOf, VmsError } from '../kernel/errors.ts'
import { silentLogger } from '../kernel/log.ts'
import { JournalReader, openOrRenewIndex, type RebuildResult, rebuildIndex, SegmentIndex } from '../recording/index.ts'
import { nodeRetentionFs, syncHolds } from '../recording/retention/index.ts'
import { STATE_SCHEMA } from '../state/state-schema.ts'
import { StateStore } from '../state/state-store.ts'
import type { LongWorkContext } from './long-work.ts'
import { TimeLeft } from './time-left.ts'

export interface RebuildReport extends RebuildResult {
  readonly storage: string
  readonly index: string
  /** Where a damaged index was put; null when there was none. */
  readonly setAside: string | null
  /** Why the legal holds beside the footage were not read; null when they were, or there are none. */
  readonly holdsTrouble: string | null
  /** The storage has the marker that the daemon knows; else the index does not count as complete. */
  readonly mounted: boolean
}

/** Skipped files that are named to people. */
const NAMED = 10

/** Completes the index of a site from its files. Rejects with VMS_E_STORAGE_UNAVAILABLE, VMS_E_STATE_DIRECTORY, and on Ctrl-C. */
export async function rebuildArchive(
  config: SiteConfig,
  stateDir: string,
  { progress, signal }: LongWorkContext,
): Promise<RebuildReport> {
  const storage = config.storage.path
  if (!existsSync(storage))
    throw new VmsError('VMS_E_STORAGE_UNAVAILABLE', `storage path ${storage}: there is no such directory`)
  makeStateDirectory(stateDir)
  const { index: path } = statePaths(stateDir)
  const { database, setAside = null } = openOrRenewIndex(path, new Date(systemClock.wall()))
  try {
    giveToOwner(path, stateDir)
    const left = new TimeLeft(systemClock)
    const rows = new SegmentIndex(database)
    // Before any of its footage is known, and so before anything can delete it.
    const holdsTrouble = await takeHolds(rows, storage)
    // What workers have told is more than what files say, and counts once.
    await new JournalReader(stateDir, rows, silentLogger).read(storage)
    const now = systemClock.wall()
    const result = await rebuildIndex({
      storage,
      index: rows,
      timezone: config.site.timezone,
      now,
      signal,
      progress: (done, total) => progress(`${done} of ${total} files${left.of(done, total)}`),
    })
    const mounted = await isMounted(stateDir, storage)
    return { storage, index: path, setAside, holdsTrouble, mounted, ...result }
  } finally {
    database.close()
  }
}

/** Whether this is the storage that the daemon knows; where it knows none, a copy perhaps, any is. */
async function isMounted(stateDir: string, storage: string): Promise<boolean> {
  const { database: path } = statePaths(stateDir)
  if (!existsSync(path)) return true
  const database = openDatabase(path, STATE_SCHEMA)
  try {
    const known = new StateStore(database).setting(`storage-id:${storage}`)
    return known === undefined || (await nodeRetentionFs.storageId(storage)) === known
  } finally {
    database.close()
  }
}

/** Reads in the holds that lie with the footage; a copy of an archive may have no marker, and then has none. Gives why it could not. */
async function takeHolds(index: SegmentIndex, storage: string): Promise<string | null> {
  try {
    if ((await nodeRetentionFs.storageId(storage)) === undefined) return null
    await syncHolds({ index, storage, storageId: undefined, fs: nodeRetentionFs })
    return null
  } catch (error) {
    return messageOf(error)
  }
}

/** A daemon of another user must be able to use what root has made in its directory. */
function giveToOwner(path: string, stateDir: string): void {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = statSync(stateDir)
  for (const file of [path, `${path}-wal`, `${path}-shm`]) if (existsSync(file)) chownSync(file, uid, gid)
}

export function renderRebuild(report: RebuildReport): string {
  const { files, known, added, open, explained, skipped, skippedFiles, setAside, holdsTrouble, mounted } = report
  const lines = [`${added} of ${files} files were new to the index; it had ${known}.`]
  if (setAside !== null) lines.push(`The index was damaged; it is at ${setAside} now.`)
  if (!mounted)
    lines.push(
      `! ${report.storage} lacks the marker of this site's storage: is it mounted? The index does not count as complete.`,
    )
  if (holdsTrouble !== null) lines.push(`! The legal holds were not read: ${holdsTrouble}`)
  if (open > 0)
    lines.push(`${open} not closed: being written, or left by a crash (vmsctl archive repair closes those).`)
  if (explained > 0) lines.push(`${explained} holes are explained by how the recording before them ended.`)
  for (const { path, why } of skippedFiles.slice(0, NAMED)) lines.push(`left out: ${path}: ${why}`)
  if (skipped > NAMED) lines.push(`left out: ${skipped - NAMED} more; --json names them`)
  return lines.join('\n')
}
