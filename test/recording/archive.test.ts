import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SiteConfig } from '../../src/config/types.ts'
import { openDatabase } from '../../src/database/open.ts'
import { Archive } from '../../src/recording/archive.ts'
import { rebuildIndex } from '../../src/recording/rebuild/rebuild-index.ts'
import { INDEX_SCHEMA } from '../../src/recording/segment-index/schema.ts'
import { SegmentIndex } from '../../src/recording/segment-index/segment-index.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { SmallStorage } from './small-storage.ts'

const NOON = Date.UTC(2026, 10, 24, 12)
const DAY = 86_400_000

let storage: SmallStorage
let index: SegmentIndex
let database: ReturnType<typeof openDatabase>
beforeEach(() => {
  storage = new SmallStorage()
  database = openDatabase(':memory:', INDEX_SCHEMA)
  index = new SegmentIndex(database)
})
afterEach(() => {
  database.close()
  storage[Symbol.dispose]()
})

function archiveAt(now: number, timezone = 'UTC'): Archive {
  const config = {
    site: { name: 'warehouse', timezone },
    storage: { path: storage.path },
    cameras: [{ id: 'gate-1' }],
  } as unknown as SiteConfig
  return new Archive({ config, clock: new FakeClock(now), index, state: undefined })
}
const rebuild = (timezone = 'UTC') => rebuildIndex({ storage: storage.path, index, timezone, now: NOON })
const recordedOf = async (archive: Archive, start: number, end: number) => {
  const pieces = await archive.coverage('gate-1', { start, end })
  return pieces.filter(({ state }) => state === 'recorded').reduce((sum, piece) => sum + piece.end - piece.start, 0)
}

describe('all segments of a camera', () => {
  it('are each there once, though days lie between the last two that were recorded', async () => {
    for (let n = 0; n < 3; n++) storage.add(NOON - 10 * DAY + n * 10_000, 2)
    storage.add(NOON, 2)
    await rebuild()
    const open = storage.add(NOON + 10_000, 1, {}, true)
    const all = await archiveAt(NOON + 11_000).allSegments('gate-1', { start: NOON - 11 * DAY, end: NOON + DAY })
    expect(all.map(({ path }) => path)).toEqual([...new Set(all.map(({ path }) => path))])
    expect(all).toHaveLength(5)
    expect(all.at(-1)).toMatchObject({ path: open, ended: '' })
  })

  it('have the one being written in the hour that local clocks show twice', async () => {
    // 2026-10-25, 03:00 in Berlin is 02:00 again; a segment every twenty seconds.
    const first = Date.UTC(2026, 9, 25, 0)
    const local = (at: number) =>
      `gate-1/main/2026-10-25/20261025_02${new Date(at).toISOString().slice(14, 19).replace(':', '')}.mp4`
    for (let at = 0; at < 3_600_000; at += 20_000) storage.write(local(first + at), storage.bytes(first + at, 1), first)
    await rebuild('Europe/Berlin')
    const second = first + 3_600_000 + 50_500
    storage.write(local(second), storage.bytes(second, 1, {}, true), second + 900)
    const archive = archiveAt(second + 1_000, 'Europe/Berlin')
    const all = await archive.allSegments('gate-1', { start: second - 60_000, end: second + 60_000 })
    expect(all.at(-1)).toMatchObject({ start: second, ended: '' })
  })
})

describe('an open segment', () => {
  it('that is being written counts up to its last write', async () => {
    storage.write(storage.add(NOON, 2, {}, true), storage.bytes(NOON, 2, {}, true), NOON + 2_600)
    expect(await recordedOf(archiveAt(NOON + 3_000), NOON, NOON + 3_000)).toBe(2_600)
  })

  it('that a crash left counts what is in it, whenever its file was touched or copied', async () => {
    const path = storage.add(NOON, 3, {}, true)
    storage.write(path, storage.bytes(NOON, 3, {}, true), NOON + 5 * 3_600_000)
    expect(await recordedOf(archiveAt(NOON + DAY), NOON, NOON + DAY)).toBe(3_000)
    storage.write(path, storage.bytes(NOON, 3, {}, true), NOON - DAY)
    expect(await recordedOf(archiveAt(NOON + DAY), NOON, NOON + DAY)).toBe(3_000)
  })
})
