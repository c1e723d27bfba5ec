import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../../../src/database/open.ts'
import { deleteSegments } from '../../../src/recording/retention/delete-segments.ts'
import { HOLDS_FILE } from '../../../src/recording/retention/holds-file.ts'
import { addHold, releaseHold, syncHolds } from '../../../src/recording/retention/legal-holds.ts'
import { nodeRetentionFs } from '../../../src/recording/retention/retention-fs.ts'
import { INDEX_SCHEMA } from '../../../src/recording/segment-index/schema.ts'
import { SegmentIndex } from '../../../src/recording/segment-index/segment-index.ts'
import { SmallArchive, STORAGE_ID } from './small-archive.ts'
import { DAY, HOUR } from './support.ts'

const NOW = Date.UTC(2026, 10, 24)

describe('legal holds', () => {
  let archive: SmallArchive
  beforeEach(() => {
    archive = new SmallArchive()
  })
  afterEach(() => archive[Symbol.dispose]())
  const places = (index = archive.index) => ({
    index,
    storage: archive.storage,
    storageId: STORAGE_ID,
    fs: nodeRetentionFs,
  })
  const hold = (id: string, start = NOW - DAY, end = NOW, camera = 'gate') => ({
    id,
    camera,
    start,
    end,
    reason: 'accident, file 7',
    by: 'alice',
    at: NOW,
    released: null,
  })
  const release = { at: NOW + DAY, by: 'bob', reason: 'closed' }
  const file = () => join(archive.storage, HOLDS_FILE)
  const newIndex = () => new SegmentIndex(openDatabase(':memory:', INDEX_SCHEMA))

  it('stand in the index and beside the footage, in words', async () => {
    expect(await addHold(places(), hold('a'))).toMatchObject({ hold: hold('a'), segments: 0, fileTrouble: null })
    expect(archive.index.holds.all()).toEqual([hold('a')])
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual({
      version: 1,
      holds: [
        {
          id: 'a',
          camera: 'gate',
          from: '2026-11-23T00:00:00.000Z',
          to: '2026-11-24T00:00:00.000Z',
          reason: 'accident, file 7',
          by: 'alice',
          at: '2026-11-24T00:00:00.000Z',
          released: null,
        },
      ],
    })
  })

  it('come back into an index that was made anew, releases too', async () => {
    await addHold(places(), hold('a'))
    await addHold(places(), hold('b', NOW - 2 * DAY))
    await releaseHold(places(), 'a', release)
    const index = newIndex()
    await syncHolds(places(index))
    expect(index.holds.all()).toEqual([{ ...hold('a'), released: release }, hold('b', NOW - 2 * DAY)])
    expect([...index.holds.activeByCamera().values()].flat().map(({ id }) => id)).toEqual(['b'])
  })

  it('come back into a file that was lost', async () => {
    await addHold(places(), hold('a'))
    const text = readFileSync(file(), 'utf8')
    rmSync(file())
    await syncHolds(places())
    expect(readFileSync(file(), 'utf8')).toBe(text)
  })

  it('overlap, and each stands for itself', async () => {
    const [segment] = archive.record('gate', NOW - 12 * HOUR, 1, HOUR)
    await addHold(places(), hold('a'))
    await addHold(places(), hold('b'))
    await releaseHold(places(), 'a', release)
    expect(archive.index.doomed.mark([segment!], 'expired')).toEqual([])
    await releaseHold(places(), 'b', release)
    expect(archive.index.doomed.mark([segment!], 'expired')).toEqual([segment])
  })

  it('save what was marked for deletion, and say what of their span is gone', async () => {
    const segments = archive.record('gate', NOW - 6 * HOUR, 6, HOUR)
    archive.index.remove(segments.slice(0, 1), 'expired')
    archive.index.doomed.mark(segments.slice(1, 4), 'expired')
    // The first of the three was unlinked while the hold came.
    const settle = async () => rmSync(archive.absolute(segments[1]!))
    const { bytes } = segments[0]!
    expect(await addHold(places(), hold('a', NOW - 6 * HOUR, NOW - 2 * HOUR), settle)).toMatchObject({
      segments: 2,
      bytes: 2 * bytes,
      gone: [{ start: NOW - 6 * HOUR, end: NOW - 5 * HOUR, reason: 'expired' }],
      beingDeleted: [{ start: NOW - 5 * HOUR, end: NOW - 4 * HOUR }],
    })
    // Whoever deletes takes up what was begun, and finds it held.
    const { index, storage } = archive
    const place = { index, storage, storageId: STORAGE_ID, fs: nodeRetentionFs }
    const result = await deleteSegments(place, index.doomed.list(9), NOW, async () => {})
    expect(result).toMatchObject({ files: 0, gone: 1, left: [], trouble: null })
    expect(segments.map(segment => existsSync(archive.absolute(segment)))).toEqual([
      true,
      false,
      true,
      true,
      true,
      true,
    ])
    expect(index.segments('gate', { start: 0, end: NOW })).toEqual(segments.slice(2))
    expect(index.doomed.list(9)).toEqual([])
  })

  it('are in force although the disk is away or refuses, and are put beside the footage later', async () => {
    rmSync(join(archive.storage, '.vmsctl-storage'))
    expect((await addHold(places(), hold('a'))).fileTrouble).toContain('marker')
    await expect(syncHolds(places())).rejects.toMatchObject({ code: 'VMS_E_STORAGE_UNAVAILABLE' })
    archive.mark('another')
    expect((await addHold(places(), hold('b'))).fileTrouble).toContain('another archive')
    expect(existsSync(file())).toBe(false)
    archive.mark()
    await syncHolds(places())
    expect(JSON.parse(readFileSync(file(), 'utf8')).holds).toHaveLength(2)
    expect(archive.index.holds.all().map(({ id }) => id)).toEqual(['a', 'b'])
  })

  it('are in force on a disk that takes no new file', async () => {
    mkdirSync(`${file()}.${process.pid}.new`)
    expect((await addHold(places(), hold('a'))).fileTrouble).not.toBeNull()
    expect(archive.index.holds.all()).toHaveLength(1)
  })

  it.each([
    ['', 'Unexpected end'],
    ['[]', 'it has no holds'],
    ['{"version":2,"holds":[]}', 'of version 2'],
    ['{"version":1,"holds":[{"id":"x"}]}', 'hold 1 is not complete'],
  ])('a file that says %j stops all deleting, and is not written over', async (text, why) => {
    writeFileSync(file(), text)
    await expect(syncHolds(places())).rejects.toMatchObject({
      code: 'VMS_E_HOLDS_FILE',
      message: expect.stringContaining(why),
    })
    const { fileTrouble } = await addHold(places(), hold('a'))
    expect(fileTrouble).toContain(why)
    expect(archive.index.holds.all()).toHaveLength(1)
    expect(readFileSync(file(), 'utf8')).toBe(text)
  })

  it('cannot be released twice, or when there is none', async () => {
    await addHold(places(), hold('a'))
    await releaseHold(places(), 'a', release)
    await expect(releaseHold(places(), 'a', release)).rejects.toMatchObject({ code: 'VMS_E_USAGE' })
    await expect(releaseHold(places(), 'z', release)).rejects.toMatchObject({ code: 'VMS_E_HOLD_NOT_FOUND' })
    expect(readdirSync(archive.storage).filter(name => name.startsWith(HOLDS_FILE))).toEqual([HOLDS_FILE])
  })
})
