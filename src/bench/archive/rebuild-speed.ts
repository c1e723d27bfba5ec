import { closeSync, ftruncateSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { rebuildIndex, SegmentIndex } from '../../recording/index.ts'
import { openIndex } from '../../recording/segment-index/open-index.ts'
import type { Segment } from '../../recording/types.ts'
import { closeSegment, FragmentIndex, initSegment, type SegmentReason } from '../../wire/mp4/index.ts'
import { SAMPLE_PARAMETERS } from '../packet/sample-stream.ts'
import { type SyntheticSite, segmentsPerDay, syntheticDay } from './synthetic-archive.ts'

const TIMESCALE = 90_000
/** Fragments that a segment of three minutes has room for. */
const FRAGMENTS = 268
/** Cameras over which the files are spread. */
const CAMERAS = 10

/** Makes `count` sparse files of closed segments below `directory`, and an index of them. Seconds, and files a second. */
export async function measureRebuild(directory: string, count: number): Promise<{ spent: number; rate: number }> {
  const storage = join(directory, 'archive')
  const days = Math.ceil(count / CAMERAS / segmentsPerDay({ segment: 180_000 } as SyntheticSite))
  const site: SyntheticSite = { cameras: CAMERAS, days, segment: 180_000, start: Date.UTC(2026, 0, 1) }
  const segments: Segment[] = []
  for (let camera = 0; camera < CAMERAS; camera++) {
    for (let day = 0; day < days; day++) segments.push(...syntheticDay(site, camera, day))
  }
  segments.length = Math.min(segments.length, count)
  for (const segment of segments) writeSparse(join(storage, segment.path), segment)

  const database = openIndex(join(directory, 'rebuilt.db'))
  const before = performance.now()
  const { added } = await rebuildIndex({ storage, index: new SegmentIndex(database), timezone: 'UTC' })
  const spent = (performance.now() - before) / 1_000
  database.close()
  if (added !== segments.length) throw new Error(`${added} of ${segments.length} files were understood`)
  return { spent, rate: added / spent }
}

/** The beginning of a segment as the recorder leaves it, and a hole in place of its media. */
function writeSparse(path: string, { camera, session, number, start, end, began, ended, bytes }: Segment): void {
  const track = { id: 1, timescale: TIMESCALE, parameters: SAMPLE_PARAMETERS }
  const mark = {
    version: 1 as const,
    site: 'bench',
    camera,
    stream: 'main' as const,
    session,
    number,
    wallStart: start,
    mediaTime: number * 180 * TIMESCALE,
    timescale: TIMESCALE,
    reason: began as SegmentReason,
    clockOffset: null,
  }
  const init = initSegment([track], mark, FRAGMENTS)
  const index = new FragmentIndex(init, 1)
  const duration = ((end - start) * TIMESCALE) / 1_000
  index.addRuns(bytes, [{ trackId: 1, decodeTime: 0, duration, samples: 4_500, key: true, earliest: 0 }])
  mkdirSync(dirname(path), { recursive: true })
  const file = openSync(path, 'w')
  writeSync(file, init.bytes)
  for (const patch of closeSegment(init, index, ended, () => 'ab'.repeat(32))) {
    writeSync(file, patch.bytes, 0, patch.bytes.length, patch.offset)
  }
  ftruncateSync(file, bytes)
  closeSync(file)
}
