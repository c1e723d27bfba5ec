import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { expect, it } from 'vitest'
import { openDatabase } from '../../src/database/open.ts'
import { rebuildIndex, SegmentIndex } from '../../src/recording/index.ts'
import { INDEX_SCHEMA } from '../../src/recording/segment-index/schema.ts'
import { SmallArchive } from './retention/small-archive.ts'
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
  expect([(await rebuild()).files, index.complete]).toEqual([0, false])
  back()
  let seen = 0
  await rebuild(() => {
    if (++seen === 1) away()
  })
  expect([index.segments('gate', { start: 0, end: NOW }).length < 40, index.complete]).toEqual([true, false])
  back()
  await rebuild()
  expect([index.segments('gate', { start: 0, end: NOW }).length, index.complete]).toEqual([segments.length, true])
})
