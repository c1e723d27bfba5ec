import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CameraConfig, SiteConfig } from '../../../src/config/types.ts'
import { openDatabase } from '../../../src/database/open.ts'
import { type Clock, systemClock } from '../../../src/kernel/clock.ts'
import { silentLogger } from '../../../src/kernel/log.ts'
import { HOLDS_FILE } from '../../../src/recording/retention/holds-file.ts'
import { addHold } from '../../../src/recording/retention/legal-holds.ts'
import { nodeRetentionFs, type RetentionFs } from '../../../src/recording/retention/retention-fs.ts'
import { RetentionKeeper } from '../../../src/recording/retention/retention-keeper.ts'
import { INDEX_SCHEMA } from '../../../src/recording/segment-index/schema.ts'
import { SegmentIndex } from '../../../src/recording/segment-index/segment-index.ts'
import { camera, site } from '../../daemon/site.ts'
import { SmallArchive, STORAGE_ID } from './small-archive.ts'
import { DAY, HOUR } from './support.ts'

const NOW = Date.UTC(2026, 10, 24)
const ALL = { start: 0, end: NOW }

describe('RetentionKeeper', () => {
  let archive: SmallArchive
  let now: number
  let space: { free: number; total: number }
  const fs: RetentionFs = { ...nodeRetentionFs, space: async () => space }
  beforeEach(() => {
    archive = new SmallArchive()
    now = 0
    space = { free: 1e12, total: 1e12 }
  })
  afterEach(() => archive[Symbol.dispose]())

  /** Its pauses take no time; a test moves it. */
  const clock: Clock = {
    wall: () => NOW + now,
    monotonic: () => now,
    after: (_, run) => systemClock.after(0, run),
    every: () => {
      throw new Error('not used')
    },
  }
  const lines: string[] = []
  const log = {
    ...silentLogger,
    error: (_: object, text: string) => lines.push(text),
    warn: (_: object, text: string) => lines.push(text),
  }
  /** One that runs for so long already. */
  const keeper = (over: Partial<RetentionFs> = {}, since = 2 * DAY) => {
    now = -since
    const made = new RetentionKeeper({ index: archive.index, clock, log, fs: { ...fs, ...over } })
    now = 0
    return made
  }
  const turn = (retention: Partial<CameraConfig['retention']>, over: Partial<SiteConfig['storage']> = {}) => {
    const config = site([camera('gate', { retention: { age: null, quota: null, priority: 50, ...retention } })])
    const storage = { ...config.storage, path: archive.storage, ...over }
    return { config: { ...config, storage }, storageId: STORAGE_ID, rates: new Map([['gate', 1_000]]) }
  }
  const rows = () => archive.index.segments('gate', ALL)

  it('deletes what is older than is kept, and tells', async () => {
    const segments = archive.record('gate', NOW - 40 * DAY, 120, 8 * HOUR)
    const subject = keeper()
    await subject.run(turn({ age: 30 * DAY }))
    expect(rows()).toEqual(segments.slice(30))
    expect(subject.state()).toMatchObject({
      headroom: 1e12,
      warnings: [],
      lastFreed: { at: NOW, files: 30 },
      left: 0,
      forecast: { promises: [{ camera: 'gate', breaksAt: null }] },
    })
  })

  it('takes a thousand files a run', async () => {
    archive.record('gate', NOW - 60 * DAY, 1_150, HOUR / 4)
    const subject = keeper()
    await subject.run(turn({ age: 30 * DAY }))
    expect(rows()).toHaveLength(150)
    await subject.run(turn({ age: 30 * DAY }))
    expect(rows()).toHaveLength(0)
  })

  it('makes room when there are less than four hours of writing left, and warns below a day', async () => {
    const segments = archive.record('gate', NOW - 40 * DAY, 120, 8 * HOUR)
    const subject = keeper()
    const { bytes } = segments[0]!
    space = { free: 1_000 * 3_600 * 5, total: 0 }
    await subject.run(turn({}))
    expect(rows()).toHaveLength(120)
    expect(subject.state().warnings).toEqual(['the cameras can write 5 h more before the disk is full'])
    space = { free: 1_000 * 3_600 * 4 - bytes * 3, total: 0 }
    await subject.run(turn({}))
    expect(rows()).toEqual(segments.slice(3))
  })

  it('is loud when that cannot be, and touches no held footage and nothing of the last hour', async () => {
    const segments = archive.record('gate', NOW - 4 * HOUR, 4, HOUR)
    const hold = { id: 'h', camera: 'gate', reason: 'police', by: 'me', at: 1, released: null }
    const { index, storage } = archive
    const places = { index, storage, storageId: STORAGE_ID, fs }
    await addHold(places, { ...hold, start: segments[1]!.start, end: segments[1]!.end })
    space = { free: 0, total: 1e6 }
    const subject = keeper()
    await subject.run(turn({}))
    expect(rows()).toEqual([segments[1], segments[3]])
    expect(subject.state().warnings[0]).toContain('held or younger than 1 h: nothing more is deleted')
    expect(lines).toContain('retention needs a person to look at it')
  })

  it('stops deleting for want of room when the disk does not gain by it', async () => {
    archive.record('gate', NOW - 60 * DAY, 1_150, HOUR / 4)
    const { bytes } = rows()[0]!
    space = { free: 0, total: bytes * 1_000 }
    const subject = keeper()
    await subject.run(turn({}))
    expect(rows()).toHaveLength(650)
    expect(subject.state().warnings[0]).toContain('snapshots')
    now += 5 * 60_000
    await subject.run(turn({}))
    expect(rows()).toHaveLength(650)
    // What is too old goes all the same.
    now += 5 * 60_000
    await subject.run(turn({ age: 54 * DAY }))
    expect(rows().length).toBeLessThan(650)
  })

  it('does nothing without the disk, tries again after a minute, and finishes what it began', async () => {
    const segments = archive.record('gate', NOW - 40 * DAY, 10, HOUR)
    let unlinks = 0
    const subject = keeper({
      unlink: path => {
        if (++unlinks === 3) renameSync(archive.storage, `${archive.storage}-away`)
        return nodeRetentionFs.unlink(path)
      },
    })
    await subject.run(turn({ age: 30 * DAY }))
    expect(subject.state().warnings[0]).toContain('is the disk mounted?')
    expect(rows()).toEqual(segments.slice(2))
    renameSync(`${archive.storage}-away`, archive.storage)
    await subject.run(turn({ age: 30 * DAY }))
    expect(rows()).toHaveLength(8)
    now += 60_000
    await subject.run(turn({ age: 30 * DAY }))
    expect([rows(), subject.state().warnings]).toEqual([[], []])
    expect(existsSync(archive.absolute(segments[9]!))).toBe(false)
  })

  it('condemns nothing by the room of the disk beneath, while its own is away', async () => {
    const segments = archive.record('gate', NOW - 40 * DAY, 10, HOUR)
    const away = `${archive.storage}-away`
    const subject = keeper({ space: async () => (existsSync(away) ? { free: 0, total: 1e6 } : space) })
    await subject.run(turn({}))
    renameSync(archive.storage, away)
    mkdirSync(archive.storage)
    await subject.run(turn({}))
    expect(subject.state().warnings[0]).toContain('is the disk mounted?')
    rmSync(archive.storage, { recursive: true })
    renameSync(away, archive.storage)
    now += 60_000
    await subject.run(turn({}))
    expect(archive.index.doomed.list(9)).toEqual([])
    expect(rows()).toEqual(segments)
  })

  it('does not try a file again that is not what the index says', async () => {
    const segments = archive.record('gate', NOW - 40 * DAY, 3, HOUR)
    writeFileSync(archive.absolute(segments[1]!), 'holiday pictures')
    let looks = 0
    const subject = keeper({
      look: path => {
        if (path.endsWith('.mp4')) looks++
        return nodeRetentionFs.look(path)
      },
    })
    await subject.run(turn({ age: 30 * DAY }))
    await subject.run(turn({ age: 30 * DAY }))
    expect([rows(), looks, subject.state().left]).toEqual([[segments[1]], 3, 1])
    expect(lines).toContain('file is not what the index says: not deleted')
  })

  it('tries a file again the next day, and tells of it until then', async () => {
    const [segment] = archive.record('gate', NOW - 40 * DAY, 1, HOUR)
    const bytes = readFileSync(archive.absolute(segment!))
    writeFileSync(archive.absolute(segment!), 'holiday pictures')
    const subject = keeper()
    await subject.run(turn({ age: 30 * DAY }))
    writeFileSync(archive.absolute(segment!), bytes)
    expect(subject.state().warnings).toEqual([expect.stringMatching(/^not deleted, .*: 1 file, see the log$/)])
    now += DAY
    await subject.run(turn({ age: 30 * DAY }))
    expect([rows(), subject.state().warnings]).toEqual([[], []])
  })

  it('deletes nothing for its age by a clock that has come over weeks, until that clock is a day old', async () => {
    const segments = archive.record('gate', NOW - 40 * DAY, 3, HOUR)
    const fresh = keeper({}, 0)
    await fresh.run(turn({ age: 30 * DAY }))
    expect(rows()).toEqual(segments)
    expect(fresh.state().warnings).toEqual([expect.stringContaining('the clock of this machine may be ahead')])
    // Recorders have begun by that clock, and the daemon was started anew.
    const [first] = archive.record('gate', NOW, 1, HOUR)
    const later = keeper()
    now = 2 * HOUR
    await later.run(turn({ age: 30 * DAY }))
    expect(rows()).toEqual(segments)
    // But room is made.
    space = { free: 1_000 * 3_600 * 4 - 1, total: 0 }
    await later.run(turn({ age: 30 * DAY }))
    expect(rows()).toEqual(segments.slice(1))
    space = { free: 1e12, total: 1e12 }
    now = 25 * HOUR
    await later.run(turn({ age: 30 * DAY }))
    expect(archive.index.segments('gate', { start: 0, end: NOW + DAY })).toEqual([first])
    expect(later.state().warnings).toEqual([])
  })

  it('believes a clock by what retention took, where little is kept', async () => {
    const [old] = archive.record('gate', NOW - 40 * DAY, 1, HOUR)
    archive.index.holds.change(() => [
      { id: 'h', camera: 'gate', reason: 'police', by: 'me', at: 1, released: null, start: old!.start, end: old!.end },
    ])
    const segments = archive.record('gate', NOW - 3 * DAY, 72, HOUR)
    const subject = keeper()
    await subject.run(turn({ age: DAY }))
    expect(rows()).toEqual([old, ...segments.slice(48)])
    now = HOUR
    await subject.run(turn({ age: DAY }))
    expect([rows(), subject.state().warnings]).toEqual([[old, ...segments.slice(49)], []])
  })

  it('puts a hold beside the footage that came while the disk was away', async () => {
    const { index, storage } = archive
    const subject = keeper()
    await subject.run(turn({}))
    const hold = { id: 'h', camera: 'gate', reason: 'police', by: 'me', at: 1, released: null, start: 0, end: NOW }
    await addHold({ index, storage, storageId: 'not there', fs }, hold)
    expect(existsSync(join(storage, HOLDS_FILE))).toBe(false)
    now += 10 * 60_000
    await subject.run(turn({}))
    expect(existsSync(join(storage, HOLDS_FILE))).toBe(true)
  })

  it('knows of a hold that was put into another index, by the file beside the footage', async () => {
    const segments = archive.record('gate', NOW - 40 * DAY, 3, HOUR)
    const subject = keeper()
    await subject.run(turn({}))
    // The one that we have open was put aside as damaged, and people's commands use a new one.
    const index = new SegmentIndex(openDatabase(':memory:', INDEX_SCHEMA))
    const hold = { id: 'h', camera: 'gate', reason: 'police', by: 'me', at: 1, released: null, start: 0, end: NOW }
    await addHold({ index, storage: archive.storage, storageId: STORAGE_ID, fs }, hold)
    await subject.run(turn({ age: 30 * DAY }))
    expect(rows()).toEqual(segments)
  })

  it('deletes nothing while the file of the holds is damaged', async () => {
    archive.record('gate', NOW - 40 * DAY, 3, HOUR)
    writeFileSync(join(archive.storage, HOLDS_FILE), '{')
    const subject = keeper()
    await subject.run(turn({ age: 30 * DAY }))
    expect(rows()).toHaveLength(3)
    expect(subject.state().warnings[0]).toMatch(/^nothing is deleted: .*holds.json is damaged/)
  })

  it('a disk that was full for a day is not taken for one on which nobody writes', async () => {
    // An hour of it is 3.6 MB; nothing came for two days.
    archive.record('gate', NOW - 12 * DAY, 240, HOUR, { bytes: 3_600_000 })
    space = { free: 0, total: 1e6 }
    const subject = keeper({ look: async () => ({ isFile: true, isLink: false, size: 0 }) })
    await subject.run({ ...turn({}), rates: new Map([['gate', null]]) })
    expect(rows()).toHaveLength(236)
  })
})
