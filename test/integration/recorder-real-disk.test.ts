import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/kernel/clock.ts'
import { silentLogger } from '../../src/kernel/log.ts'
import { SlabPool } from '../../src/media/memory/slab.ts'
import {
  CameraRecorder,
  DiskWriter,
  ensureStorage,
  type JournalEntry,
  type RecorderStatus,
} from '../../src/media/recorder/index.ts'
import { readArchive } from '../media/recorder/read-archive.ts'
import { SyntheticCamera } from '../media/recorder/synthetic-camera.ts'

const CAMERAS = 20

let base: string
let mount: string

function canMount(): boolean {
  if (process.getuid?.() !== 0) return false
  const place = mkdtempSync(join(tmpdir(), 'vmsctl-mount-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place]).status === 0
  if (mounted) spawnSync('umount', [place])
  rmSync(place, { recursive: true })
  return mounted
}

const sleep = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))

/** Twenty cameras of 0.4 Mbps in real time on a real file system. */
class Site {
  readonly pool = new SlabPool()
  readonly entries: JournalEntry[] = []
  readonly cameras: SyntheticCamera[] = []
  readonly recorders: CameraRecorder[] = []
  readonly #timer: NodeJS.Timeout

  constructor(id: string, memory = 256 * 1024 * 1024) {
    const settings = {
      path: mount,
      id,
      segment: 2_000,
      names: 'utc' as const,
      timezone: 'UTC',
      syncPeriod: 1_000,
      memory,
    }
    const disk = new DiskWriter({ site: 'test', settings, clock: systemClock, log: silentLogger })
    const journal = { append: (entry: JournalEntry) => void this.entries.push(entry) }
    for (let index = 0; index < CAMERAS; index++) {
      const camera = `cam-${index}`
      const recorder = new CameraRecorder({
        camera,
        stream: 'main',
        settings,
        disk,
        clock: systemClock,
        journal,
        log: silentLogger,
      })
      this.recorders.push(recorder)
      const source = new SyntheticCamera({ id: camera, pool: this.pool, reader: recorder, size: 1_800 })
      this.cameras.push(source)
      source.begin('first')
    }
    this.#timer = setInterval(() => {
      for (const camera of this.cameras) camera.frame(Date.now())
    }, 40)
  }

  statuses(): RecorderStatus[] {
    return this.recorders.map(recorder => recorder.status())
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await Promise.all(this.recorders.map(recorder => recorder.stop('stopped')))
    for (const camera of this.cameras) camera.close()
  }

  /** Frames that are missing on disk, over all cameras; what is there must be whole and in order. */
  missing(): number {
    const archive = readArchive(mount)
    let missing = 0
    for (const camera of this.cameras) {
      const session = camera.sent[0]!.session
      const numbers = new Map(camera.sent.map(sent => [sent.bytes.readUInt32BE(4), sent]))
      const found: number[] = []
      for (const segment of archive.filter(({ mark }) => mark.session === session)) {
        expect(segment.tail).toBe('whole')
        expect(segment.end).toBeDefined()
        expect(segment.frames[0]!.key).toBe(true)
        for (const frame of segment.frames) {
          const sent = numbers.get(frame.bytes.readUInt32BE(4))!
          expect(frame.bytes.equals(sent.bytes)).toBe(true)
          found.push(sent.number)
        }
      }
      expect(found).toEqual([...new Set(found)].sort((a, b) => a - b))
      missing += camera.sent.length - found.length
    }
    return missing
  }
}

describe.skipIf(!canMount())('recorder on a small disk of its own (needs root for mount)', () => {
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'vmsctl-disk-'))
    mount = join(base, 'archive')
    mkdirSync(mount)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', mount])
  })

  afterEach(() => {
    spawnSync('umount', ['-l', mount])
    rmSync(base, { recursive: true })
  })

  it('loses nothing of 20 cameras to a disk that is full for 5 s', async () => {
    const { id } = await ensureStorage(mount, new Date())
    const site = new Site(id)
    await sleep(2_000)
    const ballast = join(mount, 'ballast')
    // Until nothing goes any more.
    spawnSync('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=1M'], { stdio: 'ignore' })
    await sleep(5_000)
    const during = site.statuses()
    rmSync(ballast)
    await sleep(4_000)
    const after = site.statuses()
    await site.stop()
    expect(during.filter(({ reason }) => reason === 'disk full').length).toBe(CAMERAS)
    for (const status of after) expect(status).toMatchObject({ active: true, reason: null, lost: {} })
    expect(site.missing()).toBe(0)
    expect(site.entries.filter(({ type }) => type === 'gap')).toEqual([])
    expect(site.pool.used).toBe(0)
  }, 60_000)

  it('loses only what memory does not hold, counts it, and resumes', async () => {
    const { id } = await ensureStorage(mount, new Date())
    const site = new Site(id, 6 * 1024 * 1024)
    await sleep(2_000)
    const ballast = join(mount, 'ballast')
    spawnSync('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=1M'], { stdio: 'ignore' })
    await sleep(9_000)
    rmSync(ballast)
    await sleep(5_000)
    const after = site.statuses()
    await site.stop()
    const missing = site.missing() / 25
    const lost = after.reduce((sum, status) => sum + (status.lost['disk full'] ?? 0), 0)
    expect(missing).toBeGreaterThan(CAMERAS)
    // By arrivals, which a busy machine delays.
    expect(Math.abs(lost - missing)).toBeLessThan(0.2 * missing)
    for (const status of after) expect(status).toMatchObject({ active: true, reason: null })
    expect(site.pool.used).toBe(0)
  }, 60_000)

  it('goes on when a disk that was made read-only takes data again', async () => {
    const { id } = await ensureStorage(mount, new Date())
    const site = new Site(id)
    await sleep(1_500)
    // A mount with open files cannot be made read-only; a bind mount over it stands for one that the kernel has made so.
    execFileSync('mount', ['--bind', mount, mount])
    execFileSync('mount', ['-o', 'remount,bind,ro', mount])
    await sleep(3_500)
    const during = site.statuses()
    execFileSync('umount', [mount])
    await sleep(4_000)
    const after = site.statuses()
    await site.stop()
    for (const status of during) expect(status).toMatchObject({ active: false, reason: 'disk is read-only' })
    for (const status of after) expect(status).toMatchObject({ active: true, reason: null, lost: {} })
    expect(site.missing()).toBe(0)
    expect(site.pool.used).toBe(0)
  }, 60_000)

  it('never writes to the mount point of a disk that is gone', async () => {
    const { id } = await ensureStorage(mount, new Date())
    const keep = join(base, 'keep')
    mkdirSync(keep)
    execFileSync('mount', ['--bind', mount, keep])
    const site = new Site(id)
    await sleep(1_500)
    execFileSync('umount', ['-l', mount])
    await sleep(3_500)
    const during = site.statuses()
    const stray = execFileSync('find', [mount, '-mindepth', '1']).toString()
    execFileSync('mount', ['--bind', keep, mount])
    await sleep(4_000)
    const after = site.statuses()
    await site.stop()
    for (const status of during) expect(status).toMatchObject({ active: false, reason: 'storage not mounted' })
    expect(stray).toBe('')
    for (const status of after) expect(status).toMatchObject({ active: true, reason: null, lost: {} })
    expect(site.missing()).toBe(0)
    spawnSync('umount', ['-l', keep])
  }, 60_000)

  it('writes nothing to another disk in its place', async () => {
    const { id } = await ensureStorage(mount, new Date())
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', mount])
    const other = await ensureStorage(mount, new Date())
    expect(other.id).not.toBe(id)
    const site = new Site(id)
    await sleep(2_500)
    const statuses = site.statuses()
    const found = execFileSync('find', [mount, '-type', 'f']).toString().trim()
    execFileSync('umount', [mount])
    await sleep(3_000)
    await site.stop()
    for (const status of statuses) expect(status.reason).toBe('storage not mounted')
    expect(found).toBe(join(mount, '.vmsctl-storage'))
    expect(site.missing()).toBe(0)
  }, 60_000)
})

describe('recorder on the disk of this machine', () => {
  it('records 20 cameras with real syncs, and no frame waits for the disk', async () => {
    base = mkdtempSync(join(tmpdir(), 'vmsctl-disk-'))
    mount = base
    const { id } = await ensureStorage(mount, new Date())
    const site = new Site(id)
    await sleep(3_500)
    const statuses = site.statuses()
    await site.stop()
    for (const status of statuses) expect(status).toMatchObject({ active: true, reason: null, lost: {} })
    expect(site.missing()).toBe(0)
    expect(site.pool.used).toBe(0)
    rmSync(base, { recursive: true })
  })
})
