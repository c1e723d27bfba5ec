import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { expect, it } from 'vitest'
import { openDatabase } from '../../src/database/open.ts'
import { rebuildIndex, SegmentIndex } from '../../src/recording/index.ts'
import { INDEX_SCHEMA } from '../../src/recording/segment-index/schema.ts'
import { SmallArchive, STORAGE_ID } from './retention/small-archive.ts'
import { DAY, HOUR } from './retention/support.ts'

const NOW = Date.UTC(2026, 10, 24)

it('an index is not complete that was made while the disk was away, or went', async () => {
  using archive = new SmallArchive()
  const segments = archive.record('gate', NOW - 10 * DAY, 40, HOUR)
  const { storage } = archive
  const index = new SegmentIndex(openDatabase(':memory:', INDEX_SCHEMA))
  const rebuild = (progress = () => {}) => rebuildIndex({ storage, index, timezone: 'UTC', now: NOW, progress })
  const away = () => {
    renameSync(storage, `${storage}-away`)
    mkdirSync(storage)
  }
  const back = () => {
    rmSync(storage, { recursive: true })
    renameSync(`${storage}-away`, storage)
  }
  away()
  expect([(await rebuild()).files, index.isComplete(STORAGE_ID)]).toEqual([0, false])
  back()
  let seen = 0
  await rebuild(() => {
    if (++seen === 1) away()
  })
  expect([index.segments('gate', { start: 0, end: NOW }).length < 40, index.isComplete(STORAGE_ID)]).toEqual([
    true,
    false,
  ])
  back()
  await rebuild()
  expect([index.segments('gate', { start: 0, end: NOW }).length, index.isComplete(STORAGE_ID)]).toEqual([
    segments.length,
    true,
  ])
})

it('an index is complete for one storage at a time: what was missed of another is read in when that comes back', async () => {
  using archive = new SmallArchive()
  const { index, storage } = archive
  const rebuild = () => rebuildIndex({ storage, index, timezone: 'UTC', now: NOW })
  const complete = () => [STORAGE_ID, 'other'].map(id => index.isComplete(id))
  expect(complete()).toEqual([true, false])
  archive.mark('other')
  await rebuild()
  expect(complete()).toEqual([false, true])
  archive.mark()
  await rebuild()
  expect(complete()).toEqual([true, false])
})
