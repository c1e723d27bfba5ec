import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { systemCode } from '../kernel/errors.ts'
import { sortSegmentNames } from '../media/recorder/index.ts'
import { readSegmentHeader } from '../media/segment-file/index.ts'
import { startOfName } from './rebuild/unmarked-run.ts'
import type { Segment } from './types.ts'

/** How {@link Segment.ended} of a segment reads that is still being written, or was left by a crash. */
export const STILL_OPEN = ''

/** Days and files of each, newest first, that are looked at: a segment is closed after four hours at the latest. */
const DAYS = 2
const FILES = 20

/**
 * The segments at the end of a camera's recording that the index does not have: the one being written, and those that were
 * closed a moment ago; oldest first. `known` holds the paths that the index has. An open one ends where its file was last
 * written to. Rejects with the error of the disk.
 */
export async function openSegments(
  storage: string,
  camera: string,
  known: ReadonlySet<string>,
  timezone: string,
): Promise<Segment[]> {
  const found: Segment[] = []
  const stream = `${camera}/main`
  const inStream = await namesIn(join(storage, stream))
  const days = inStream.filter(name => /^\d{4}-\d\d-\d\d$/.test(name)).slice(-DAYS)
  // ffmpeg's lie above the days.
  const folders = [{ directory: stream, names: inStream.filter(name => startOfName(name, timezone) !== undefined) }]
  for (const day of days) {
    const directory = `${stream}/${day}`
    folders.push({ directory, names: sortSegmentNames(await namesIn(join(storage, directory))) })
  }
  for (const { directory, names } of folders) {
    for (const name of names.slice(-FILES)) {
      const path = `${directory}/${name}`
      const segment = known.has(path) ? undefined : await segmentAt(storage, path, camera, timezone)
      if (segment) found.push(segment)
    }
  }
  return found.sort((a, b) => a.start - b.start)
}

async function segmentAt(storage: string, path: string, camera: string, zone: string): Promise<Segment | undefined> {
  const file = join(storage, path)
  try {
    const { mtimeMs } = await stat(file)
    const header = await readSegmentHeader(file)
    const mark = header?.mark
    if (!header || (mark && mark.camera !== camera)) return undefined
    const name = path.slice(path.lastIndexOf('/') + 1)
    const start = mark?.wallStart ?? startOfName(name, zone)
    if (start === undefined) return undefined
    const { end } = header
    const closed = mark && end ? start + (end.duration * 1_000) / mark.timescale : undefined
    return {
      camera,
      stream: 'main',
      session: mark?.session ?? `file ${name}`,
      number: mark?.number ?? 0,
      path,
      start,
      end: closed ?? Math.max(start, mtimeMs),
      bytes: header.size,
      frames: end?.frames ?? 0,
      codec: header.tracks.find(({ id }) => id === header.lead)?.codec ?? 'other',
      began: mark?.reason ?? 'duration',
      ended: end?.reason ?? STILL_OPEN,
      clockOffset: mark?.clockOffset ?? null,
      sha256: end?.sha256 ?? null,
    }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).sort()
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw error
  }
}
