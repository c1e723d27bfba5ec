import { chownSync, existsSync, statSync } from 'node:fs'
import { makeStateDirectory } from '../config/make-state-directory.ts'
import { statePaths } from '../config/state-paths.ts'
import type { SiteConfig } from '../config/types.ts'
import { systemClock } from '../kernel/clock.ts'
import { VmsError } from '../kernel/errors.ts'
import { openOrRenewIndex, type RebuildResult, rebuildIndex, SegmentIndex } from '../recording/index.ts'
import type { LongWorkContext } from './long-work.ts'
import { TimeLeft } from './time-left.ts'

export interface RebuildReport extends RebuildResult {
  readonly storage: string
  readonly index: string
  /** Where a damaged index was put; null when there was none. */
  readonly setAside: string | null
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
    const result = await rebuildIndex({
      storage,
      index: new SegmentIndex(database),
      timezone: config.site.timezone,
      signal,
      progress: (done, total) => progress(`${done} of ${total} files${left.of(done, total)}`),
    })
    return { storage, index: path, setAside, ...result }
  } finally {
    database.close()
  }
}

/** A daemon of another user must be able to use what root has made in its directory. */
function giveToOwner(path: string, stateDir: string): void {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = statSync(stateDir)
  for (const file of [path, `${path}-wal`, `${path}-shm`]) if (existsSync(file)) chownSync(file, uid, gid)
}

export function renderRebuild(report: RebuildReport): string {
  const { files, known, added, open, explained, skipped, skippedFiles, setAside } = report
  const lines = [`${added} of ${files} files were new to the index; it had ${known}.`]
  if (setAside !== null) lines.push(`The index was damaged; it is at ${setAside} now.`)
  if (open > 0)
    lines.push(`${open} not closed: being written, or left by a crash (vmsctl archive repair closes those).`)
  if (explained > 0) lines.push(`${explained} holes are explained by how the recording before them ended.`)
  for (const { path, why } of skippedFiles.slice(0, NAMED)) lines.push(`left out: ${path}: ${why}`)
  if (skipped > NAMED) lines.push(`left out: ${skipped - NAMED} more; --json names them`)
  return lines.join('\n')
}
