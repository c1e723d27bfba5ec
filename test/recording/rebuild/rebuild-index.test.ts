import { spawnSync } from 'node:child_process'
import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../../../src/database/open.ts'
import { rebuildIndex } from '../../../src/recording/rebuild/rebuild-index.ts'
import { INDEX_SCHEMA } from '../../../src/recording/segment-index/schema.ts'
import { SegmentIndex } from '../../../src/recording/segment-index/segment-index.ts'
import { verifyArchive } from '../../../src/recording/verify/index.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { SmallStorage } from '../small-storage.ts'
import { segment } from '../support.ts'

const NOON = Date.UTC(2026, 10, 24, 12)
const ALL = { start: 0, end: 4e12 }

let storage: SmallStorage
let database: ReturnType<typeof openDatabase>
let index: SegmentIndex
beforeEach(() => {
  storage = new SmallStorage()
  database = openDatabase(':memory:', INDEX_SCHEMA)
  index = new SegmentIndex(database)
})
afterEach(() => {
  database.close()
  storage[Symbol.dispose]()
})
const rebuild = (signal?: AbortSignal, progress?: () => void) =>
  rebuildIndex({ storage: storage.path, index, timezone: 'UTC', now: NOON, signal, ...(progress ? { progress } : {}) })

/** A segment that ended for a reason that explains what is missing behind it. */
function reconnecting(camera: string): void {
  for (const at of [0, 60_000]) {
    const path = storage.add(NOON + at, 2, { camera })
    const bytes = storage.bytes(NOON + at, 2, { camera })
    // The same length as "duration", so that all stays in its place.
    bytes.write('refused,', bytes.indexOf('"reason":"duration"') + 10, 'latin1')
    storage.write(path, bytes, NOON + at)
  }
}

describe('a rebuild', () => {
  it('that was interrupted explains in the next run what it would have explained', async () => {
    reconnecting('gate-1')
    reconnecting('gate-2')
    const abort = new AbortController()
    const interrupted = rebuild(abort.signal, () => abort.abort(new Error('interrupted')))
    await expect(interrupted).rejects.toThrow('interrupted')
    const { added, known } = await rebuild()
    expect([added, known]).toEqual([2, 2])
    for (const camera of ['gate-1', 'gate-2']) {
      expect(index.gaps(camera, ALL)).toEqual([{ start: NOON + 2_000, end: NOON + 60_000, reason: 'refused,' }])
    }
  })

  it('of a storage that is not there is refused: it is no empty archive', async () => {
    rmSync(storage.path, { recursive: true })
    await expect(rebuild()).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('takes in the footage of a camera whose folder is on another disk, and it is verified', async () => {
    const path = storage.add(NOON, 2)
    mkdirSync(join(storage.dir, 'disk2'))
    renameSync(storage.absolute('gate-1'), join(storage.dir, 'disk2/gate-1'))
    symlinkSync(join(storage.dir, 'disk2/gate-1'), storage.absolute('gate-1'))
    expect(await rebuild()).toMatchObject({ files: 1, added: 1 })
    const report = await verifyArchive({
      sources: { storage: storage.path, segments: (...of) => index.segments(...of), account: async () => [] },
      configured: ['gate-1'],
      deep: true,
      clock: new FakeClock(NOON + 86_400_000),
    })
    expect(report).toMatchObject({ ok: true, files: 1, foreign: [] })
    expect(report.cameras[0]).toMatchObject({ camera: 'gate-1', foreign: [], hashed: report.bytes })
    expect(index.segments('gate-1', ALL).map(row => row.path)).toEqual([path])
  })

  it('leaves out a file that claims years, or a time that no calendar has', async () => {
    const good = storage.add(NOON, 2)
    for (const [name, wallStart] of [
      ['a', 1e300],
      ['b', -1],
      ['c', 9e15],
    ] as const) {
      storage.write(`gate-1/main/2026-11-24/${name}.mp4`, storage.bytes(NOON, 2, { wallStart }), NOON)
    }
    // Two seconds by its frames, thirty hours by its end.
    const long = storage.bytes(NOON + 60_000, 2)
    const place = long.indexOf('"duration":180000,"reason":"duration"')
    long.write('"duration":9720000000,"reason":"dura"', place, 'latin1')
    storage.write('gate-1/main/2026-11-24/d.mp4', long, NOON)
    const { added, skipped, skippedFiles } = await rebuild()
    expect([added, skipped]).toEqual([1, 4])
    expect(skippedFiles).toContainEqual({ path: 'gate-1/main/2026-11-24/d.mp4', why: 'it claims to be 30 h long' })
    expect(index.segments('gate-1', ALL).map(({ path }) => path)).toEqual([good])
  })

  it('does not wait for a pipe or a device that lies among the files, nor fail for a directory', async () => {
    storage.add(NOON, 2)
    const odd = (name: string) => storage.absolute(`gate-1/main/2026-11-24/${name}.mp4`)
    expect(spawnSync('mkfifo', [odd('pipe')]).status).toBe(0)
    symlinkSync('/dev/zero', odd('zero'))
    mkdirSync(odd('directory'))
    expect(await rebuild()).toMatchObject({ files: 4, added: 1, skipped: 3 })
  })

  it('makes of a file of ffmpeg one segment, though its recorder tells of it only later', async () => {
    const path = 'gate-1/main/20261124T120000Z.mp4'
    const told = segment(NOON + 700, NOON + 60_000, { path, session: 'run', number: 4, codec: 'copy' })
    index.add([segment(NOON, NOON + 30_000, { path, session: 'file 20261124T120000Z.mp4' })])
    index.add([told])
    expect(index.segments('gate-1', ALL)).toEqual([told])
    expect(index.totals().get('gate-1')).toMatchObject({ segments: 1, bytes: told.bytes })
    expect(index.recorded('gate-1', ALL)).toEqual([{ start: told.start, end: told.end }])
  })
})
