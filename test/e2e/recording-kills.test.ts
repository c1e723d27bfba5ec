import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { sleep, systemClock } from '../../src/kernel/clock.ts'
import { inspectSegment } from '../../src/media/segment-file/index.ts'
import { spawnVirtualCameras, type VirtualCamerasProcess } from '../../src/media/virtual/index.ts'
import { TestSite } from '../support/test-site.ts'

const FPS = 25

/** A site, and virtual cameras that end with it. */
async function simulated(
  count: number,
  main: number,
  settings?: readonly string[],
): Promise<{ site: TestSite; cameras: VirtualCamerasProcess }> {
  const site = new TestSite({ segment: 3 })
  const cameras = await spawnVirtualCameras({ count, main, sub: undefined, fps: FPS, gop: FPS })
  site.defer(() => cameras.stop())
  site.write([site.range(cameras)], settings)
  return { site, cameras }
}

const seconds = (lost: Readonly<Record<string, number>>) => Object.values(lost).reduce((sum, each) => sum + each, 0)

/** Whether all these files are closed segments. One that a kill left before its first fragment was written is removed. */
async function closed(paths: readonly string[]): Promise<boolean> {
  const settled = await Promise.all(
    paths.map(
      async path => !existsSync(path) || (await inspectSegment(path).catch(() => undefined))?.complete === true,
    ),
  )
  return settled.every(Boolean)
}

// These two measure no time, so they share theirs.
it.concurrent('twenty kill -9 of the daemon, at any moment of its life, cost no frame', async () => {
  const { site, cameras } = await simulated(8, 1_000_000)
  await using _ = site
  const started = Date.now()
  await site.start()
  const from = await site.recording()
  const workers = site.workerPids()
  for (let kill = 0; kill < 20; kill++) {
    await site.killDaemon()
    // Every other one is killed while it adopts the workers, the others after they have worked for a while.
    const starting = site.start().catch(() => {})
    if (kill % 2 === 0) {
      await site.until('the daemon answers', async () => (await site.client.health()).pid)
      await starting
      await sleep(systemClock, 100 * (kill % 5))
    } else {
      await site.until('the daemon answers', async () => (await site.client.health()).pid)
      void starting
    }
  }
  await site.until('the last daemon is ready', async () => (await site.client.health()).ready)
  expect(site.workerPids()).toEqual(workers)
  const to = Date.now()
  await site.written(to)
  const { summary, cameras: reports } = await site.status()
  expect(summary).toMatchObject({ ok: 8, bad: 0 })
  for (const report of reports) {
    expect(report.main).toMatchObject({ reconnects: 0, packetsLost: 0, damaged: 0 })
    // What was missing before the first key frame, and nothing since.
    expect(Object.keys(report.lost).filter(reason => reason !== 'starting')).toEqual([])
    expect(report.lost.starting ?? 0).toBeLessThan((from - started) / 1_000)
  }
  await site.stop()
  const verdict = await site.verify(cameras, { from, to })
  expect(verdict).toMatchObject({ ok: true, open: [], damaged: [], unmarked: 0 })
  expect(verdict.streams).toHaveLength(8)
  for (const stream of verdict.streams) {
    expect(stream).toMatchObject({ missing: 0, doubled: 0, outOfOrder: 0 })
    expect(stream.sendings).toMatchObject({ missing: 0 })
    // Twenty kills took a while: this is no empty proof.
    expect(stream.frames).toBeGreaterThan(100)
  }
})

it.concurrent('worker and daemon killed at once: the next daemon finds a dead worker, starts one, and nothing is written twice', async () => {
  const { site, cameras } = await simulated(6, 500_000)
  await using _ = site
  await site.start()
  const from = await site.recording()
  await sleep(systemClock, 2_000)
  const { pid } = await site.client.health()
  const [worker] = site.workerPids()
  process.kill(pid, 'SIGKILL')
  process.kill(worker!, 'SIGKILL')
  const left = site.segments()
  await site.start()
  const again = await site.recording()
  expect(site.workerPids()).toHaveLength(1)
  await site.written(again + 2_000)
  await site.until('files left by the crash are closed', () => closed(left))
  const to = Date.now()
  await site.written(to)
  await site.stop()
  const verdict = await site.verify(cameras, { from, to })
  expect(verdict).toMatchObject({ open: [], damaged: [] })
  expect(verdict.streams).toHaveLength(6)
  for (const stream of verdict.streams) {
    expect(stream).toMatchObject({ doubled: 0, outOfOrder: 0 })
    expect(stream.gaps).toHaveLength(1)
  }
})

it('a kill -9 of a worker with 40 cameras: back in 3 s, a second lost at most, files repaired, the gap accounted for', async () => {
  const COUNT = 40
  const { site, cameras } = await simulated(COUNT, 500_000, ['limits: { workers: 1 }'])
  await using _ = site
  await site.start()
  const from = await site.recording()
  await sleep(systemClock, 3_000)
  const [worker] = site.workerPids()
  const before = site.segments()
  const lostBefore = new Map((await site.status()).cameras.map(({ id, lost }) => [id, seconds(lost)]))
  const killed = Date.now()
  process.kill(worker!, 'SIGKILL')
  const back = await site.until(
    'all cameras play again',
    async () => {
      const { cameras: reports } = await site.status()
      return reports.every(({ main }) => main?.state === 'playing' && main.since > killed) && Date.now()
    },
    20,
  )
  // What the machine's other work may do to 3 s is not what is tested here; frames below are exact.
  expect(back - killed).toBeLessThan(8_000)
  await site.written(back + 2_000)
  // Repairs begin three seconds after the restart.
  await site.until('files left by the crash are closed', () => closed(before))
  const to = Date.now()
  await site.written(to)
  const { workers, cameras: reports } = await site.status()
  expect(workers[0]).toMatchObject({ restarts: 1 })
  expect(workers[0]!.pid).not.toBe(worker)
  await site.stop()

  const verdict = await site.verify(cameras, { from, to })
  expect(verdict).toMatchObject({ open: [], damaged: [] })
  expect(verdict.streams).toHaveLength(COUNT)
  const journal = await site.journal()
  const ends: number[] = []
  for (const stream of verdict.streams) {
    expect(stream).toMatchObject({ doubled: 0, outOfOrder: 0, foreign: 0 })
    expect(stream.gaps).toHaveLength(1)
    const [gap] = stream.gaps
    // A fragment has 0.8 s and 0.2 s may wait in the kernel; a last frame has an interval, and the read and the write that end it take time too.
    expect(killed - gap!.before).toBeLessThanOrEqual(1_000 + 1_000 / FPS + 100)
    ends.push(gap!.after - killed)
    // The journal tells of this gap, with a reason, and so does the status.
    const told = journal.find(
      entry => entry.type === 'gap' && entry.camera === stream.camera && entry.end > killed && entry.start < gap!.after,
    )
    expect(told).toMatchObject({ type: 'gap', reason: 'worker restarted' })
    const report = reports.find(({ id }) => id === stream.camera)!
    const lost = seconds(report.lost) - lostBefore.get(stream.camera)!
    expect(Math.abs(lost - (gap!.after - gap!.before) / 1_000)).toBeLessThan(0.5)
  }
  console.log(
    `kill -9 of a worker: frames are recorded again after ${Math.min(...ends)} to ${Math.max(...ends)} ms, a key frame a second`,
  )
})
