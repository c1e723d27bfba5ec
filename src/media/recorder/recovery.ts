import { messageOf, systemCode } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/log.ts'
import type { StreamRole } from '../frame.ts'
import { inspectSegment, type SegmentInspection } from '../segment-file/index.ts'
import type { DiskWriter } from './disk-writer.ts'
import type { LossLedger } from './loss-ledger.ts'
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

/**
 * Looks for the camera's newest segment before anything new is written. One that a crash left open is repaired a little
 * later, and what is missing since its end is a loss, as it is when the worker is known to have died.
 * Rejects while the storage is not there.
 */
export async function prepareRecording(options: RecoveryOptions): Promise<{ readonly resumed: boolean }> {
  const { disk, ledger, resume } = options
  const found = await disk.use('sync', async () => {
    await disk.checkMounted()
    return newestSegment(options)
  })
  if (!found) return { resumed: false }
  const { segment } = found
  const end = segment.mark!.wallStart + (segment.duration * 1_000) / segment.timescale
  const open = segment.end === undefined
  if (open || resume) ledger.previous(end, 'worker restarted')
  if (open) disk.clock.after(REPAIR_AFTER, () => void repair(options, found, end)).unref()
  return { resumed: true }
}

async function newestSegment({ camera, stream, disk, log }: RecoveryOptions): Promise<Found | undefined> {
  const root = `${camera}/${stream}`
  const days = (await namesIn(disk, root)).filter(name => /^\d{4}-\d\d-\d\d$/.test(name)).sort()
  for (const day of days.reverse().slice(0, MAX_DAYS)) {
    const directory = `${root}/${day}`
    for (const name of (await newestNames(disk, directory)).slice(0, MAX_FILES)) {
      const path = `${directory}/${name}`
      try {
        const segment = await inspectSegment(disk.absolute(path))
        if (segment?.mark?.camera === camera && segment.fragments > 0) return { path, segment }
      } catch (error) {
        log.warn({ path, error: messageOf(error) }, 'earlier segment cannot be read')
      }
    }
  }
  return undefined
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

async function repair({ camera, stream, disk, journal, log }: RecoveryOptions, found: Found, end: number) {
  const { path } = found
  try {
    await disk.use('sync', async () => {
      const { size } = await disk.fs.facts(disk.absolute(path))
      if (size !== found.segment.size) return
      const done = await repairOrRemove(disk, path)
      log.info({ path, outcome: done?.outcome ?? 'removed' }, 'segment of an earlier run put in order')
      if (done?.outcome !== 'repaired' || !done.segment.mark) return
      const { segment } = done
      const { session, number, wallStart, reason } = done.segment.mark
      let frames = 0
      for (const count of segment.samples.values()) frames += count
      const codec = segment.tracks.find(({ id }) => id === segment.lead)?.codec ?? 'other'
      journal.append({
        type: 'segment',
        camera,
        stream,
        session,
        number,
        path,
        start: wallStart,
        end,
        bytes: segment.size,
        frames,
        codec,
        began: reason,
        ended: 'repaired',
      })
    })
  } catch (error) {
    log.warn({ path, error: messageOf(error) }, 'segment of an earlier run not repaired')
  }
}
