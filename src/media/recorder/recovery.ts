import { messageOf, systemCode } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/log.ts'
import type { StreamRole } from '../frame.ts'
import { inspectSegment, readSegmentHeader, type SegmentInspection } from '../segment-file/index.ts'
import type { DiskWriter } from './disk-writer.ts'
import type { LossLedger } from './loss-ledger.ts'
import { segmentEntries } from './segment-entry.ts'
import { sortSegmentNames } from './segment-name.ts'
import { repairOrRemove } from './tidy-segment.ts'
import type { JournalSink } from './types.ts'

export interface RecoveryOptions {
  readonly camera: string
  readonly stream: StreamRole
  readonly disk: DiskWriter
  readonly ledger: LossLedger
  readonly journal: JournalSink
  readonly log: Logger
  /** The camera was being recorded when its worker died. */
  readonly resume: boolean
}

/** Days, and files of them, that are looked at for the newest segment. */
const MAX_DAYS = 3
const MAX_FILES = 5
/** Local names go back an hour when summer time ends: so many of the last are compared by their times. */
const LOCAL_FILES = 100
/** Milliseconds that a file must not have changed before it is repaired: its writer may be in its last breath. */
const REPAIR_AFTER = 3_000

interface Found {
  /** Relative to the storage path. */
  readonly path: string
  readonly segment: SegmentInspection
}

/** What is there, newest first: segments that hold anything, and files that a crash left before their first fragment was whole. */
interface Leftovers {
  readonly found: Found[]
  readonly hollow: { readonly path: string; readonly size: number }[]
}

/**
 * Looks for the camera's newest segments before anything new is written. Those that crashes left open are repaired a little
 * later. What is missing since the end of the newest is a loss when it was open, or its worker is known to have died.
 * Rejects while the storage is not there.
 */
export async function prepareRecording(options: RecoveryOptions): Promise<{ readonly resumed: boolean }> {
  const { disk, ledger, resume } = options
  const { found, hollow } = await disk.use('sync', async () => {
    await disk.checkMounted()
    return newestSegments(options)
  })
  if (hollow.length > 0) disk.clock.after(REPAIR_AFTER, () => void removeHollow(options, hollow)).unref()
  const [newest] = found
  if (!newest) return { resumed: false }
  const open = found.filter(({ segment }) => segment.end === undefined)
  // A worker that was killed may have closed it, and not have come to say so.
  if (newest.segment.complete && resume)
    for (const entry of segmentEntries(newest.path, newest.segment)) options.journal.append(entry)
  if (open.includes(newest) || resume) ledger.previous(endOf(newest), 'worker restarted')
  if (open.length > 0) disk.clock.after(REPAIR_AFTER, () => void repairAll(options, open)).unref()
  return { resumed: true }
}

/** Wall-clock milliseconds. */
function endOf({ segment: { mark, duration, timescale } }: Found): number {
  return mark!.wallStart + (duration * 1_000) / timescale
}

/** The newest that holds anything, then of the few before it those that are open: an earlier repair may not have got to them. */
async function newestSegments({ camera, stream, disk, log }: RecoveryOptions): Promise<Leftovers> {
  const found: Found[] = []
  const hollow: Leftovers['hollow'] = []
  let looks = 0
  const root = `${camera}/${stream}`
  const days = (await namesIn(disk, root)).filter(name => /^\d{4}-\d\d-\d\d$/.test(name)).sort()
  for (const day of days.reverse().slice(0, MAX_DAYS)) {
    const directory = `${root}/${day}`
    for (const name of (await newestNames(disk, directory)).slice(0, MAX_FILES)) {
      const path = `${directory}/${name}`
      try {
        const file = disk.absolute(path)
        if (found.length > 0 && ++looks >= MAX_FILES) return { found, hollow }
        // Closed ones need not be read beyond their beginning.
        if (found.length > 0 && (await readSegmentHeader(file))?.end !== undefined) continue
        const segment = await inspectSegment(file)
        const size = segment?.size ?? (await disk.fs.facts(file)).size
        if (segment?.mark?.camera === camera && segment.fragments > 0) found.push({ path, segment })
        else if (segment ? segment.mark?.camera === camera : size === 0) hollow.push({ path, size })
      } catch (error) {
        log.warn({ path, error: messageOf(error) }, 'earlier segment cannot be read')
      }
    }
  }
  return { found, hollow }
}

/** Newest first. */
async function newestNames(disk: DiskWriter, directory: string): Promise<string[]> {
  const names = sortSegmentNames(await namesIn(disk, directory)).reverse()
  if (disk.settings.names === 'utc') return names
  const dated = await Promise.all(
    names.slice(0, LOCAL_FILES).map(async name => {
      const { modified } = await disk.fs.facts(disk.absolute(`${directory}/${name}`))
      return { name, modified }
    }),
  )
  return dated.sort((a, b) => b.modified - a.modified).map(({ name }) => name)
}

async function namesIn(disk: DiskWriter, directory: string): Promise<string[]> {
  try {
    return await disk.fs.list(disk.absolute(directory))
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw error
  }
}

/** Files that hold nothing, and that nobody has written to since. */
async function removeHollow({ disk, log }: RecoveryOptions, hollow: Leftovers['hollow']): Promise<void> {
  for (const { path, size } of hollow) {
    try {
      await disk.use('sync', async () => {
        if ((await disk.fs.facts(disk.absolute(path))).size === size) await repairOrRemove(disk, path)
      })
    } catch (error) {
      log.warn({ path, error: messageOf(error) }, 'empty file of an earlier run not removed')
    }
  }
}

/** The oldest first, as they would have come into the journal. */
async function repairAll(options: RecoveryOptions, open: readonly Found[]): Promise<void> {
  for (const found of open.toReversed()) await repair(options, found)
}

async function repair({ disk, journal, log }: RecoveryOptions, found: Found): Promise<void> {
  const { path } = found
  try {
    await disk.use('sync', async () => {
      const { size } = await disk.fs.facts(disk.absolute(path))
      if (size !== found.segment.size) return
      const done = await repairOrRemove(disk, path)
      log.info({ path, outcome: done?.outcome ?? 'removed' }, 'segment of an earlier run put in order')
      if (done?.outcome !== 'repaired') return
      for (const entry of segmentEntries(path, done.segment)) journal.append(entry)
    })
  } catch (error) {
    log.warn({ path, error: messageOf(error) }, 'segment of an earlier run not repaired')
  }
}
