import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { sleep, systemClock } from '../../src/kernel/clock.ts'
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
import { canMount, SmallDisk } from '../support/mounts.ts'

const CAMERAS = 20
const SIZE = 64 * 1024 * 1024
/** Milliseconds that a recorder may take to notice that its disk is well or not, on a loaded machine: retries are 2 s apart. */
const PATIENCE = 20_000
/** Milliseconds between two looks. */
const LOOK = 50

/** Twenty cameras of 0.4 Mbps in real time on a real file system. */
class Site {
  readonly pool = new SlabPool()
  readonly entries: JournalEntry[] = []
  readonly cameras: SyntheticCamera[] = []
  readonly recorders: CameraRecorder[] = []
  readonly #path: string
  readonly #timer: NodeJS.Timeout

  constructor(path: string, id: string, memory = 256 * 1024 * 1024) {
    this.#path = path
    const settings = {
      path,
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

  /** Not what passes before a camera's first frame, which a busy machine makes long enough to count. */
  statuses(): RecorderStatus[] {
    return this.recorders.map(recorder => {
      const { lost, ...status } = recorder.status()
      const { starting: _, ...toDisk } = lost
      return { ...status, lost: toDisk }
    })
  }

  /** The same of the journal. */
  get gaps(): JournalEntry[] {
    return this.entries.filter(entry => entry.type === 'gap' && entry.reason !== 'starting')
  }

  /** Waits until `met` holds for every camera, or for as long as patience lasts: what is asserted then tells which it was. */
  async until(met: (status: RecorderStatus) => boolean): Promise<RecorderStatus[]> {
    const end = systemClock.monotonic() + PATIENCE
    while (!this.statuses().every(met) && systemClock.monotonic() < end) await sleep(systemClock, LOOK)
    return this.statuses()
  }

  /** Waits until all cameras are recorded, and gives their statuses. */
  recording(): Promise<RecorderStatus[]> {
    return this.until(({ active, reason }) => active && reason === null)
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await Promise.all(this.recorders.map(recorder => recorder.stop('stopped')))
    for (const camera of this.cameras) camera.close()
  }

  /** Frames that are missing on disk, over all cameras; what is there must be whole and in order. */
  missing(): number {
    const archive = readArchive(this.#path)
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

const WELL = { active: true, reason: null, lost: {} }

/** Takes all the room that there is, until nothing goes any more. */
async function fill(disk: SmallDisk): Promise<string> {
  const ballast = join(disk.disk, 'ballast')
  await promisify(execFile)('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=1M']).catch(() => {})
  return ballast
}

describe.skipIf(!canMount())('recorder on a small disk of its own (needs root for mount)', { concurrent: true }, () => {
  it('loses nothing of 20 cameras to a disk that is full for 5 s', async () => {
    using disk = new SmallDisk(SIZE)
    const { id } = await ensureStorage(disk.mountPoint, new Date())
    const site = new Site(disk.mountPoint, id)
    await site.recording()
    const ballast = await fill(disk)
    await sleep(systemClock, 5_000)
    const during = await site.until(({ reason }) => reason === 'disk full')
    rmSync(ballast)
    const after = await site.recording()
    await site.stop()
    for (const { reason } of during) expect(reason).toBe('disk full')
    for (const status of after) expect(status).toMatchObject(WELL)
    expect(site.missing()).toBe(0)
    expect(site.gaps).toEqual([])
    expect(site.pool.used).toBe(0)
  }, 60_000)

  it('loses only what memory does not hold, counts it, and resumes', async () => {
    using disk = new SmallDisk(SIZE)
    const { id } = await ensureStorage(disk.mountPoint, new Date())
    const site = new Site(disk.mountPoint, id, 6 * 1024 * 1024)
    await site.recording()
    const ballast = await fill(disk)
    await site.until(({ lost }) => (lost['disk full'] ?? 0) > 1.5)
    rmSync(ballast)
    const after = await site.recording()
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
    using disk = new SmallDisk(SIZE)
    const mount = disk.mountPoint
    const { id } = await ensureStorage(mount, new Date())
    const site = new Site(mount, id)
    await site.recording()
    // A mount with open files cannot be made read-only; a bind mount over it stands for one that the kernel has made so.
    execFileSync('mount', ['--bind', mount, mount])
    execFileSync('mount', ['-o', 'remount,bind,ro', mount])
    // Files that were open are still written; every new segment is refused.
    const during = await site.until(({ reason }) => reason === 'disk is read-only')
    execFileSync('umount', [mount])
    const after = await site.recording()
    await site.stop()
    for (const status of during) expect(status).toMatchObject({ active: false, reason: 'disk is read-only' })
    for (const status of after) expect(status).toMatchObject(WELL)
    expect(site.missing()).toBe(0)
    expect(site.pool.used).toBe(0)
  }, 60_000)

  it('never writes to the mount point of a disk that is gone', async () => {
    using disk = new SmallDisk(SIZE)
    const { id } = await ensureStorage(disk.mountPoint, new Date())
    const site = new Site(disk.mountPoint, id)
    await site.recording()
    disk.unmount()
    const during = await site.until(({ reason }) => reason === 'storage not mounted')
    // Time for a second look of each, and for the next segment.
    await sleep(systemClock, 2_500)
    const stray = execFileSync('find', [disk.mountPoint, '-mindepth', '1']).toString()
    disk.mount()
    const after = await site.recording()
    await site.stop()
    for (const status of during) expect(status).toMatchObject({ active: false, reason: 'storage not mounted' })
    expect(stray).toBe('')
    for (const status of after) expect(status).toMatchObject(WELL)
    expect(site.missing()).toBe(0)
    expect(site.pool.used).toBe(0)
  }, 60_000)

  it('writes nothing to another disk in its place', async () => {
    using disk = new SmallDisk(SIZE)
    const mount = disk.mountPoint
    const { id } = await ensureStorage(mount, new Date())
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', mount])
    const other = await ensureStorage(mount, new Date())
    expect(other.id).not.toBe(id)
    const site = new Site(mount, id)
    const statuses = await site.until(({ reason }) => reason === 'storage not mounted')
    await sleep(systemClock, 2_500)
    const found = execFileSync('find', [mount, '-type', 'f']).toString().trim()
    execFileSync('umount', [mount])
    const after = await site.recording()
    await site.stop()
    for (const status of statuses) expect(status.reason).toBe('storage not mounted')
    expect(found).toBe(join(mount, '.vmsctl-storage'))
    for (const status of after) expect(status).toMatchObject({ active: true, reason: null })
    expect(site.missing()).toBe(0)
  }, 60_000)
})

describe('recorder on the disk of this machine', () => {
  it('records 20 cameras with real syncs, and no frame waits for the disk', async () => {
    const path = mkdtempSync(join(tmpdir(), 'vmsctl-disk-'))
    const { id } = await ensureStorage(path, new Date())
    const site = new Site(path, id)
    await sleep(systemClock, 3_500)
    const statuses = site.statuses()
    await site.stop()
    for (const status of statuses) expect(status).toMatchObject(WELL)
    expect(site.missing()).toBe(0)
    expect(site.pool.used).toBe(0)
    rmSync(path, { recursive: true })
  })
})
