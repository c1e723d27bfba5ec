import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deleteSegments } from '../../../src/recording/retention/delete-segments.ts'
import { nodeRetentionFs, type RetentionFs } from '../../../src/recording/retention/retention-fs.ts'
import type { Segment } from '../../../src/recording/types.ts'
import { markedFile, SmallArchive, STORAGE_ID } from './small-archive.ts'
import { DAY, HOUR } from './support.ts'

const NOW = Date.UTC(2026, 10, 24)
const ALL = { start: 0, end: NOW }

describe('deleteSegments', () => {
  let archive: SmallArchive
  let segments: Segment[]
  beforeEach(() => {
    archive = new SmallArchive()
    segments = archive.record('gate', NOW - 10 * DAY, 4, HOUR)
  })
  afterEach(() => archive[Symbol.dispose]())

  function remove(of: readonly Segment[], fs: Partial<RetentionFs> = {}) {
    const { index, storage } = archive
    const marked = index.doomed.mark(of, 'expired')
    expect(marked).toHaveLength(of.length)
    const doomed = marked.map(segment => ({ segment, reason: 'expired' }))
    const place = { index, storage, storageId: STORAGE_ID, fs: { ...nodeRetentionFs, ...fs } }
    return deleteSegments(place, doomed, NOW, async () => {})
  }
  const failing = (code: string) => Object.assign(new Error(`${code}: it fails`), { code })
  const rows = () => archive.index.segments('gate', ALL)

  it('deletes file and row, and the account says expired', async () => {
    expect(await remove(segments.slice(0, 3))).toMatchObject({ files: 3, gone: 0, left: [], trouble: null })
    expect(rows()).toEqual(segments.slice(3))
    expect(segments.map(segment => existsSync(archive.absolute(segment)))).toEqual([false, false, false, true])
    expect(archive.index.removed('gate', ALL)).toEqual([
      { start: segments[0]!.start, end: segments[3]!.start, reason: 'expired' },
    ])
    expect(archive.index.doomed.list(9)).toEqual([])
  })

  it('removes directories of days that are over and empty, and no others', async () => {
    const today = archive.record('gate', NOW - 2 * HOUR, 1, HOUR)
    const foreign = archive.record('gate', NOW - 8 * DAY, 1, HOUR)
    writeFileSync(join(dirname(archive.absolute(foreign[0]!)), 'notes.txt'), 'mine')
    await remove([...segments, ...today, ...foreign])
    expect(readdirSync(join(archive.storage, 'gate/main'))).toEqual(['2026-11-16', '2026-11-23'])
  })

  it.each([
    ['of another camera', () => markedFile({ camera: 'hall', session: segments[0]!.session, number: 0 })],
    [
      'of another stream',
      () => markedFile({ camera: 'gate', stream: 'sub', session: segments[0]!.session, number: 0 }),
    ],
    ['of another session', () => markedFile({ camera: 'gate', session: 'other', number: 0 })],
    ['of another number', () => markedFile({ camera: 'gate', session: segments[0]!.session, number: 1 })],
    ['that is still open', () => markedFile({ camera: 'gate', session: segments[0]!.session, number: 0 }, false)],
    ['that is no MP4', () => Buffer.from('holiday pictures')],
    ['that is empty', () => Buffer.alloc(0)],
  ])('leaves a file %s, and its row', async (_, content) => {
    writeFileSync(archive.absolute(segments[0]!), content())
    const result = await remove(segments.slice(0, 2))
    expect(result).toMatchObject({ files: 1, left: [{ segment: segments[0] }], trouble: null })
    expect(existsSync(archive.absolute(segments[0]!))).toBe(true)
    expect(rows()).toHaveLength(3)
    expect(archive.index.doomed.list(9)).toEqual([])
  })

  it('leaves a symbolic link and what it points to', async () => {
    const path = archive.absolute(segments[0]!)
    renameSync(path, join(archive.dir, 'elsewhere.mp4'))
    symlinkSync(join(archive.dir, 'elsewhere.mp4'), path)
    expect(await remove(segments.slice(0, 1))).toMatchObject({ files: 0, left: [{ why: 'not a plain file' }] })
    expect(existsSync(path)).toBe(true)
  })

  it.each(['gate', 'gate/main', 'gate/main/2026-11-14'])(
    'forgets nothing where %s is a link to a disk that is not mounted',
    async directory => {
      const elsewhere = join(archive.dir, 'elsewhere')
      renameSync(join(archive.storage, directory), elsewhere)
      symlinkSync(elsewhere, join(archive.storage, directory))
      expect(await remove(segments.slice(0, 1))).toMatchObject({ files: 1, left: [], trouble: null })
      renameSync(elsewhere, `${elsewhere}-away`)
      const result = await remove(segments.slice(1, 2))
      expect(result).toMatchObject({
        gone: 0,
        left: [{ why: expect.stringContaining('symbolic link') }],
        trouble: null,
      })
      expect(rows()).toEqual(segments.slice(1))
    },
  )

  it('leaves what a path leads out of the archive to', async () => {
    writeFileSync(join(archive.dir, 'outside.mp4'), markedFile({}))
    const over = { session: 'x', path: 'gate/main/../../../outside.mp4' }
    const [bad] = archive.record('gate', NOW - 5 * DAY, 1, HOUR, over)
    expect(await remove([bad!])).toMatchObject({ files: 0, left: [{ segment: bad }] })
    expect(existsSync(join(archive.dir, 'outside.mp4'))).toBe(true)
  })

  it.each(['gate/main/20261110_130000.mp4', 'gate/main/2026-11-10/20261110_130000.mp4'])(
    'takes a file without mark, as ffmpeg makes them, when name and size are what the index says: %s',
    async path => {
      const plain = markedFile({})
      // The box of the mark is somebody else's then.
      plain.write('skip', plain.indexOf('uuid'), 'latin1')
      const start = Date.UTC(2026, 10, 10, 12)
      const over = { bytes: plain.length, path, session: 'f' }
      const [good] = archive.record('gate', start, 1, HOUR, over)
      writeFileSync(archive.absolute(good!), plain)
      expect(await remove([good!])).toMatchObject({ files: 1, left: [] })
      const [longer] = archive.record('gate', start, 1, HOUR, { ...over, bytes: plain.length + 1 })
      writeFileSync(archive.absolute(longer!), plain)
      expect(await remove([longer!])).toMatchObject({ files: 0, left: [{ segment: longer }] })
    },
  )

  it('forgets a file that is gone, while the disk is there', async () => {
    rmSync(dirname(archive.absolute(segments[0]!)), { recursive: true })
    expect(await remove(segments)).toMatchObject({ files: 0, gone: 4, trouble: null })
    expect(rows()).toEqual([])
  })

  it('deletes and forgets nothing where the disk is not mounted, or is another', async () => {
    renameSync(archive.storage, `${archive.storage}-away`)
    mkdirSync(archive.storage)
    expect(await remove(segments.slice(0, 2))).toMatchObject({
      files: 0,
      gone: 0,
      trouble: expect.stringContaining('marker'),
    })
    archive.mark('another')
    expect(await remove(segments.slice(2))).toMatchObject({
      files: 0,
      gone: 0,
      trouble: expect.stringContaining('another archive'),
    })
    expect(rows()).toEqual(segments)
    expect(archive.index.doomed.list(9)).toHaveLength(4)
  })

  it('forgets nothing when the disk goes away between two files', async () => {
    let looked = 0
    const look: RetentionFs['look'] = path => {
      if (++looked === 3) renameSync(archive.storage, `${archive.storage}-away`)
      return nodeRetentionFs.look(path)
    }
    const result = await remove(segments, { look })
    expect(result).toMatchObject({ files: 2, gone: 0, trouble: expect.stringContaining('marker') })
    expect(rows()).toEqual(segments.slice(2))
    renameSync(`${archive.storage}-away`, archive.storage)
    expect(segments.map(segment => existsSync(archive.absolute(segment)))).toEqual([false, false, true, true])
  })

  it('stops at an error of the disk, and has what is left still marked', async () => {
    for (const code of ['EROFS', 'ENXIO']) {
      const { index, storage } = archive
      const unlink = async (path: string) => {
        if (path === archive.absolute(segments[1]!)) throw failing(code)
        return nodeRetentionFs.unlink(path)
      }
      if (code === 'EROFS')
        expect(await remove(segments, { unlink })).toMatchObject({
          files: 1,
          trouble: expect.stringContaining('EROFS'),
        })
      else {
        const doomed = index.doomed.list(9)
        const place = { index, storage, storageId: STORAGE_ID, fs: { ...nodeRetentionFs, unlink } }
        expect(await deleteSegments(place, doomed, NOW, async () => {})).toMatchObject({
          files: 0,
          trouble: expect.stringContaining('ENXIO'),
        })
      }
      expect(rows()).toEqual(segments.slice(1))
      expect(archive.index.doomed.list(9)).toHaveLength(3)
    }
  })

  it.each(['EPERM', 'EACCES'])('one file that may not be deleted (%s) is not in the way of the others', async code => {
    const unlink: RetentionFs['unlink'] = async path => {
      if (path === archive.absolute(segments[0]!)) throw failing(code)
      return nodeRetentionFs.unlink(path)
    }
    const left = [{ segment: segments[0], why: expect.stringContaining(code) }]
    expect(await remove(segments, { unlink })).toMatchObject({ files: 3, left, trouble: null })
    expect(rows()).toEqual(segments.slice(0, 1))
    expect(archive.index.doomed.list(9)).toEqual([])
  })

  it('leaves what is held since it was marked, to the last file', async () => {
    const hold = { id: 'h', camera: 'gate', reason: 'police', by: 'me', at: 1, released: null }
    let unlinks = 0
    const unlink: RetentionFs['unlink'] = async path => {
      await nodeRetentionFs.unlink(path)
      if (++unlinks === 2) archive.index.holds.change(() => [{ ...hold, start: 0, end: NOW }])
    }
    expect(await remove(segments, { unlink })).toMatchObject({ files: 2, gone: 0, left: [], trouble: null })
    expect(rows()).toEqual(segments.slice(2))
    expect(segments.map(segment => existsSync(archive.absolute(segment)))).toEqual([false, false, true, true])
    expect(archive.index.doomed.list(9)).toEqual([])
  })

  it('leaves what another process has finished, or spared', async () => {
    const look: RetentionFs['look'] = async path => {
      const found = await nodeRetentionFs.look(path)
      if (path === archive.absolute(segments[1]!)) archive.index.doomed.spare(segments.slice(1, 2))
      return found
    }
    expect(await remove(segments, { look })).toMatchObject({ files: 3, left: [] })
    expect(rows()).toEqual(segments.slice(1, 2))
  })

  it('one file that cannot be read is not in the way of the others', async () => {
    const look: RetentionFs['look'] = async path => {
      if (path === archive.absolute(segments[0]!)) throw failing('EIO')
      return nodeRetentionFs.look(path)
    }
    expect(await remove(segments, { look })).toMatchObject({
      left: [{ segment: segments[0] }],
      trouble: expect.stringContaining('EIO'),
    })
    expect(archive.index.doomed.list(9).map(({ segment }) => segment)).toEqual(segments.slice(1))
  })
})

describe('marking', () => {
  it('passes over what is held, what is marked, and what is not there', () => {
    using archive = new SmallArchive()
    const segments = archive.record('gate', NOW - 10 * DAY, 4, HOUR)
    const hold = { id: 'h', camera: 'gate', reason: 'police', by: 'me', at: 1, released: null }
    archive.index.holds.change(() => [{ ...hold, start: segments[1]!.end - 1, end: segments[1]!.end }])
    const { doomed } = archive.index
    expect(doomed.mark(segments.slice(0, 3), 'expired')).toEqual([segments[0], segments[2]])
    expect(doomed.mark(segments, 'deleted')).toEqual([segments[3]])
    expect(doomed.mark([{ ...segments[0]!, number: 9 }], 'expired')).toEqual([])
    expect(doomed.list(9).map(({ reason }) => reason)).toEqual(['expired', 'expired', 'deleted'])
    expect(doomed.within('gate', { start: segments[0]!.start, end: segments[2]!.start })).toEqual([segments[0]])
    expect(segments.map(segment => doomed.standing(segment))).toEqual(['doomed', 'over', 'doomed', 'doomed'])
    archive.index.holds.change(([one]) => [{ ...one!, released: { at: 2, by: 'me', reason: 'closed' } }])
    expect(doomed.mark(segments, 'expired')).toEqual([segments[1]])
  })
})
