import { closeSync, globSync, mkdirSync, openSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Clock, systemClock } from '../../src/kernel/clock.ts'
import { silentLogger } from '../../src/kernel/log.ts'
import { nodeRetentionFs, RetentionKeeper } from '../../src/recording/retention/index.ts'
import type { Segment } from '../../src/recording/types.ts'
import { camera, site } from '../daemon/site.ts'
import { markedFile, SmallArchive, STORAGE_ID } from '../recording/retention/small-archive.ts'
import { DAY, HOUR } from '../recording/retention/support.ts'
import { segment } from '../recording/support.ts'
import { canMount, SmallDisk } from '../support/mounts.ts'

const MB = 1_000_000
const NOW = Date.now()

/** Footage of megabytes on a disk of its own, and a keeper of it. */
class DiskSite implements Disposable {
  readonly disk = new SmallDisk(64 * MB)
  readonly archive = new SmallArchive()
  readonly keeper: RetentionKeeper
  #now = -2 * DAY

  constructor() {
    const clock: Clock = {
      wall: () => NOW,
      monotonic: () => this.#now,
      after: (_, run) => systemClock.after(0, run),
      every: systemClock.every,
    }
    const { index } = this.archive
    // It runs for days already: it believes the clock.
    this.keeper = new RetentionKeeper({ index, clock, log: silentLogger, fs: nodeRetentionFs })
    this.#now = 0
    writeFileSync(join(this.disk.mountPoint, '.vmsctl-storage'), JSON.stringify({ id: STORAGE_ID, created: '' }))
  }

  /** Segments of an hour and a megabyte each, the oldest `from` ago. */
  record(from: number, count: number): Segment[] {
    const segments = Array.from({ length: count }, (_, number) => {
      const start = NOW - from + number * HOUR
      const iso = new Date(start).toISOString()
      const path = `gate/main/${iso.slice(0, 10)}/${iso.slice(0, 19).replaceAll(/[-:]/g, '')}Z.mp4`
      const bytes = Buffer.concat([
        markedFile({ camera: 'gate', session: 's', number, wallStart: start }),
        Buffer.alloc(MB),
      ])
      mkdirSync(dirname(join(this.disk.mountPoint, path)), { recursive: true })
      writeFileSync(join(this.disk.mountPoint, path), bytes)
      return segment(start, start + HOUR, { camera: 'gate', session: 's', number, path, bytes: bytes.length })
    })
    this.archive.index.add(segments)
    return segments
  }

  /** A run, `later` milliseconds behind the one before. An hour of the camera is a megabyte. */
  run(age: number | null, later = 0): Promise<void> {
    this.#now += later
    const { storage, ...config } = site([camera('gate', { retention: { age, quota: null, priority: 50 } })])
    const path = this.disk.mountPoint
    const rates = new Map([['gate', MB / 3_600]])
    return this.keeper.run({ config: { ...config, storage: { ...storage, path } }, storageId: STORAGE_ID, rates })
  }

  rows(): Segment[] {
    return this.archive.index.segments('gate', { start: 0, end: NOW })
  }

  files(): string[] {
    return globSync('**/*.mp4', { cwd: this.disk.disk }).sort()
  }

  [Symbol.dispose](): void {
    this.archive[Symbol.dispose]()
    this.disk[Symbol.dispose]()
  }
}

describe.runIf(canMount())('retention on a disk of its own', () => {
  it('makes room for four hours of writing on a disk that is nearly full', async () => {
    using on = new DiskSite()
    const segments = on.record(100 * HOUR, 62)
    const before = (await nodeRetentionFs.space(on.disk.mountPoint)).free
    expect(before).toBeLessThan(3 * MB)
    await on.run(null)
    const { free } = await nodeRetentionFs.space(on.disk.mountPoint)
    expect(free).toBeGreaterThanOrEqual(4 * MB)
    expect(free).toBeLessThan(6 * MB)
    expect(on.rows()).toEqual(segments.slice(segments.length - on.rows().length))
    expect(on.files()).toEqual(on.rows().map(({ path }) => path))
  })

  it('deletes and forgets nothing while the disk is away, and goes on when it is back', async () => {
    using on = new DiskSite()
    const segments = on.record(40 * DAY, 20)
    on.disk.unmount()
    await on.run(30 * DAY)
    // Not even where the mount point has directories and files of the same names.
    mkdirSync(dirname(join(on.disk.mountPoint, segments[0]!.path)), { recursive: true })
    await on.run(30 * DAY, 60_000)
    expect(on.rows()).toEqual(segments)
    expect(on.files()).toHaveLength(20)
    expect(on.keeper.state().warnings[0]).toContain('is the disk mounted?')
    on.disk.mount()
    await on.run(30 * DAY, 60_000)
    expect([on.rows(), on.files(), on.keeper.state().warnings.length]).toEqual([[], [], 0])
  })

  it('deletes no end of footage where open files keep the space', async () => {
    using on = new DiskSite()
    const segments = on.record(100 * HOUR, 62)
    const open = segments.map(({ path }) => openSync(join(on.disk.mountPoint, path), 'r'))
    try {
      for (let run = 0; run < 30; run++) await on.run(null, 60_000)
      // Each run takes what it needs, and five that won nothing are enough.
      expect(on.rows().length).toBeGreaterThan(30)
      expect(on.keeper.state().warnings[0]).toContain('programs that have the files open')
    } finally {
      for (const fd of open) closeSync(fd)
    }
    await on.run(null, 60_000)
    expect(on.keeper.state().warnings.join()).not.toContain('open')
  })

  it('follows no link out of the archive', async () => {
    using on = new DiskSite()
    const [first] = on.record(40 * DAY, 2)
    symlinkSync('/etc', join(on.disk.mountPoint, 'gate/main/2000-01-01'))
    on.archive.index.add([{ ...first!, number: 9, path: 'gate/main/2000-01-01/hosts' }])
    await on.run(30 * DAY)
    expect(on.rows().map(({ number }) => number)).toEqual([9])
    expect(on.keeper.state().left).toBe(1)
  })
})
