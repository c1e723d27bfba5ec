import { closeSync, openSync, readdirSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sleep, systemClock } from '../../src/kernel/clock.ts'
import { spawnVirtualCameras, type VirtualCamerasProcess } from '../../src/media/virtual/index.ts'
import { canMount, SmallDisk } from '../support/mounts.ts'
import { TestSite } from '../support/test-site.ts'

const COUNT = 12
const FPS = 25

describe.skipIf(!canMount())('a disk of 64 MB', () => {
  // Made when the tests begin: where they are skipped nothing can be mounted.
  let disk: SmallDisk
  let site: TestSite
  let ballast: string
  let cameras: VirtualCamerasProcess
  let from: number

  /** Takes all room there is. What the recorder gets in between is taken again, until `until`. */
  function fill(): void {
    const file = openSync(ballast, 'a')
    const chunk = Buffer.alloc(256 * 1024)
    try {
      for (let size = chunk.length; size >= 4_096; ) {
        try {
          if (writeSync(file, chunk, 0, size) < size) size /= 2
        } catch {
          size /= 2
        }
      }
    } finally {
      closeSync(file)
    }
    expect(statfsSync(disk.disk).bavail).toBe(0)
  }

  const troubles = async () => {
    const { cameras: reports } = await site.status()
    return reports.map(({ recording }) => recording?.reason)
  }

  beforeAll(async () => {
    disk = new SmallDisk(64 * 1024 * 1024)
    site = new TestSite({ segment: 2, archive: disk.mountPoint, storage: 'memory: 8MB' })
    ballast = join(disk.disk, 'ballast')
    cameras = await spawnVirtualCameras({ count: COUNT, main: 300_000, sub: undefined, fps: FPS, gop: FPS })
    site.defer(() => cameras.stop())
    site.write([site.range(cameras)])
    await site.start()
    from = await site.recording()
  })

  afterAll(async () => {
    await site?.[Symbol.asyncDispose]()
    disk?.[Symbol.dispose]()
  })

  /** No frame that was sent since `since` is missing. */
  async function nothingLost(since: number): Promise<void> {
    const to = Date.now()
    await site.written(to)
    const { streams } = await site.verify(cameras, { from: since, to })
    expect(streams).toHaveLength(COUNT)
    for (const stream of streams) expect(stream).toMatchObject({ missing: 0, doubled: 0, outOfOrder: 0, gaps: [] })
  }

  it('full for 5 s: says so, and loses nothing', async () => {
    fill()
    const full = Date.now()
    await site.until('all cameras wait for the disk', async () =>
      (await troubles()).every(reason => reason === 'disk full'),
    )
    await sleep(systemClock, Math.max(0, full + 5_000 - Date.now()))
    rmSync(ballast)
    await site.until('all go on', async () => (await troubles()).every(reason => reason === null))
    await nothingLost(from)
    const { cameras: reports, summary } = await site.status()
    expect(summary).toMatchObject({ ok: COUNT, bad: 0 })
    for (const { lost } of reports) expect(Object.keys(lost)).not.toContain('disk full')
  })

  it('unmounted: nothing is written below the mount point, and what waited is written when it is back', async () => {
    disk.unmount()
    await site.until('all cameras say so', async () =>
      (await troubles()).every(reason => reason === 'storage not mounted'),
    )
    expect(readdirSync(disk.mountPoint)).toEqual([])
    // A daemon that starts meanwhile makes no archive of the empty directory either.
    await site.killDaemon()
    await site.start()
    await sleep(systemClock, 1_000)
    expect(readdirSync(disk.mountPoint)).toEqual([])
    disk.mount()
    await site.until('all go on', async () => (await troubles()).every(reason => reason === null))
    await nothingLost(from)
  })

  it('full for longer than memory lasts: whole groups of pictures are lost, counted with the reason, and it goes on alone', async () => {
    fill()
    const full = Date.now()
    await site.until(
      'every camera has lost something',
      async () => {
        const { cameras: reports } = await site.status()
        return reports.every(({ recording }) => (recording?.lost['disk full'] ?? 0) > 1)
      },
      80,
    )
    rmSync(ballast)
    const freed = Date.now()
    await site.until('all go on', async () => (await troubles()).every(reason => reason === null))
    const to = Date.now() + 1_000
    await site.written(to)
    const { cameras: reports, workers } = await site.status()
    expect(workers[0]).toMatchObject({ restarts: 0 })
    await site.stop()
    const verdict = await site.verify(cameras, { from, to })
    expect(verdict).toMatchObject({ damaged: [], open: [] })
    expect(verdict.streams).toHaveLength(COUNT)
    for (const stream of verdict.streams) {
      expect(stream).toMatchObject({ doubled: 0, outOfOrder: 0 })
      expect(stream.gaps.length).toBeGreaterThan(0)
      let missing = 0
      for (const { before, after, first, last } of stream.gaps) {
        expect(before).toBeGreaterThan(full)
        expect(before).toBeLessThan(freed)
        missing += last - first + 1
        expect(after - before).toBeGreaterThan(500)
      }
      const { lost } = reports.find(({ id }) => id === stream.camera)!
      expect(Math.abs((lost['disk full'] ?? 0) - missing / FPS)).toBeLessThan(0.3 * stream.gaps.length)
    }
  })
})
