import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as settled } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { FootageKeeper, type FootageKeeperOptions } from '../../src/daemon/footage-keeper.ts'
import { openDatabase } from '../../src/database/open.ts'
import { silentLogger } from '../../src/kernel/log.ts'
import { ensureStorage } from '../../src/media/recorder/index.ts'
import { INDEX_SCHEMA } from '../../src/recording/segment-index/schema.ts'
import { SmallStorage } from '../recording/small-storage.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { camera, site } from './site.ts'

const NOON = Date.UTC(2026, 10, 24, 12)
const ALL = { start: 0, end: 4e12 }

let storage: SmallStorage
let database: ReturnType<typeof openDatabase>
let keeper: FootageKeeper
beforeEach(() => {
  storage = new SmallStorage()
  mkdirSync(join(storage.dir, 'state/workers'), { recursive: true })
  database = openDatabase(':memory:', INDEX_SCHEMA)
  keeper = new FootageKeeper({
    stateDir: join(storage.dir, 'state'),
    index: database,
    state: undefined as never,
    supervisor: { views: () => [] } as unknown as FootageKeeperOptions['supervisor'],
    clock: new FakeClock(NOON + 3_600_000),
    log: silentLogger,
  })
})
afterEach(async () => {
  await keeper.end()
  database.close()
  storage[Symbol.dispose]()
})

const keepHouse = (id: string, trouble: string | null) => {
  const base = site([camera('gate-1')])
  return keeper.keepHouse({
    config: { ...base, storage: { ...base.storage, path: storage.path } },
    storage: { id, trouble },
  })
}

/** The storage has been there, with a segment, and its mount is away: a directory without a marker. */
async function unmounted(): Promise<string> {
  const { id } = await ensureStorage(storage.path, new Date(NOON), undefined)
  rmSync(storage.path, { recursive: true })
  mkdirSync(storage.path)
  return id
}

it.each([
  ['at the start', 'storage not mounted'],
  ['behind its back', null],
])('never takes the empty directory of a missing mount for the whole archive: %s', async (_, trouble) => {
  const id = await unmounted()
  await keepHouse(id, trouble)
  await settled(200)
  expect(keeper.index.wasCompleted).toBe(false)
})

it('reads a new index from the files when the storage is there', async () => {
  const { id } = await ensureStorage(storage.path, new Date(NOON), undefined)
  storage.add(NOON, 2)
  await keepHouse(id, null)
  await expect.poll(() => keeper.index.isComplete(id)).toBe(true)
  expect(keeper.index.segments('gate-1', ALL)).toHaveLength(1)
})
