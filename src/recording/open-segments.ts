import { stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { systemCode } from '../kernel/errors.ts'
import { sortSegmentNames } from '../media/recorder/index.ts'
import { closedSegment, inspectSegment, leadingCodec, readSegmentHeader } from '../media/segment-file/index.ts'
import { dayOf, listCamera, listFolder } from './folders.ts'
import { isDated, startOfName } from './rebuild/unmarked-run.ts'
import type { SegmentIndex } from './segment-index/segment-index.ts'
import type { Segment } from './types.ts'

/** How {@link Segment.ended} of a segment reads that is still being written, or was left by a crash. */
export const STILL_OPEN = ''

/** Days that are looked at, the newest: a segment is closed after four hours at the latest. */
const DAYS = 2

/** Names of each day that are held against the index, the newest, and files of them that are opened where it lacks them. */
const NAMES = 200
const FILES = 20

/** Milliseconds by which a name may tell of the start otherwise than the index: local names repeat for an hour. */
const NAMING = 2 * 3_600_000

/** Milliseconds since the last write in which a file is taken for being written; the recorder writes every second. */
const FRESH = 10_000

export interface OpenSegmentsOptions {
  /** Absolute. */
  readonly storage: string
  readonly camera: string
  readonly timezone: string
  readonly index: Pick<SegmentIndex, 'segments'>
  /** Wall-clock milliseconds. */
  readonly now: number
}

/**
 * The segments at the end of a camera's recording that the index does not have: the one being written, and those that were
 * closed a moment ago; oldest first. An open one ends where its file was last written to, if that is now; else with its last whole
 * fragment, for the time of a file changes when it is copied. Rejects with the error of the disk.
 */
export async function openSegments(options: OpenSegmentsOptions): Promise<Segment[]> {
  const { storage, camera, timezone, index } = options
  const { streams } = await listCamera(storage, camera)
  const folders = streams.find(({ stream }) => stream === 'main')?.folders ?? []
  const days = folders.filter(folder => dayOf(folder) !== undefined).slice(-DAYS)
  // ffmpeg's lie above the days.
  const above = folders.filter(folder => dayOf(folder) === undefined)
  const found: Segment[] = []
  for (const folder of [...above, ...days]) {
    const names = (await listFolder(storage, folder)).paths.map(path => basename(path))
    const ours = dayOf(folder) === undefined ? names.filter(isDated) : sortSegmentNames(names)
    const newest = ours.slice(-NAMES)
    const known = knownAmong(index, camera, newest, timezone)
    const unknown = newest.map(name => `${folder}/${name}`).filter(path => !known.has(path))
    for (const path of unknown.slice(-FILES)) {
      const segment = await segmentAt(options, path)
      if (segment) found.push(segment)
    }
  }
  return found.sort((a, b) => a.start - b.start)
}

/** Paths that the index has of the time that file names, which ascend, tell of. */
function knownAmong(index: OpenSegmentsOptions['index'], camera: string, names: readonly string[], timezone: string) {
  const [first, last] = [names[0], names.at(-1)].map(name => (name && startOfName(name, timezone)) || 0)
  return new Set(index.segments(camera, { start: first! - NAMING, end: last! + NAMING }).map(({ path }) => path))
}

async function segmentAt(options: OpenSegmentsOptions, path: string): Promise<Segment | undefined> {
  const { storage, camera, timezone } = options
  const file = join(storage, path)
  try {
    const header = await readSegmentHeader(file)
    const mark = header?.mark
    if (!header || (mark && mark.camera !== camera)) return undefined
    const closed = closedSegment(path, header)
    if (closed) return closed
    const name = basename(path)
    const start = mark?.wallStart ?? startOfName(name, timezone)
    if (start === undefined) return undefined
    return {
      camera,
      stream: 'main',
      session: mark?.session ?? `file ${name}`,
      number: mark?.number ?? 0,
      path,
      start,
      end: await endOf(file, start, options.now),
      bytes: header.size,
      frames: 0,
      codec: leadingCodec(header),
      began: mark?.reason ?? 'duration',
      ended: STILL_OPEN,
      clockOffset: mark?.clockOffset ?? null,
      sha256: null,
    }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Where an open file ends. Wall-clock milliseconds. */
async function endOf(file: string, start: number, now: number): Promise<number> {
  const { mtimeMs } = await stat(file)
  if (mtimeMs >= start && Math.abs(now - mtimeMs) < FRESH) return mtimeMs
  const { duration = 0, timescale = 1 } = (await inspectSegment(file)) ?? {}
  return start + (duration * 1_000) / timescale
}
