import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { afterEach, expect, it } from 'vitest'
import { sleep, systemClock } from '../../src/kernel/clock.ts'
import { inspectSegment } from '../../src/media/segment-file/index.ts'
import { spawnVirtualCameras, type VirtualCamerasProcess } from '../../src/media/virtual/index.ts'
import { TestSite } from '../support/test-site.ts'

const MINUTES = Number(process.env.SOAK_MINUTES ?? 10)
const COUNT = Number(process.env.SOAK_CAMERAS ?? 200)
const MBPS = Number(process.env.SOAK_MBPS ?? 4)
/** Seconds between two looks at what is on disk: what is proved is deleted, so that the disk need not hold all of it. */
const LOOK = 20

let site: TestSite
afterEach(() => site[Symbol.asyncDispose]())

interface Usage {
  /** Minutes since the begin. */
  readonly at: number
  /** Megabytes resident, and open files, of all workers together. */
  readonly rss: number
  readonly files: number
  /** Megabytes of frames in memory. */
  readonly pool: number
}

function residentMegabytes(pid: number): number {
  const match = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(match?.[1]) / 1_024
}

async function usage(started: number): Promise<Usage> {
  const pids = site.workerPids()
  const { workers } = await site.status()
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  return {
    at: (Date.now() - started) / 60_000,
    rss: sum(pids.map(residentMegabytes)),
    files: sum(pids.map(pid => readdirSync(`/proc/${pid}/fd`).length)),
    pool: sum(workers.map(({ memory }) => memory?.used ?? 0)) / 1e6,
  }
}

/**
 * Proves that nothing is missing in and between the closed segments of each camera, then deletes all but the newest of them,
 * which is the neighbour of the next. Gives the frames that were seen for the first time.
 */
async function proveAndDelete(cameras: VirtualCamerasProcess, seen: Map<string, number>): Promise<number> {
  const verdict = await site.verify(cameras)
  expect(verdict.damaged).toEqual([])
  expect(verdict.unmarked).toBe(0)
  expect(verdict.streams).toHaveLength(COUNT)
  let frames = 0
  for (const stream of verdict.streams) {
    const { camera, sendings, doubled, outOfOrder } = stream
    // From the first frame on disk to the last. A simulator that is late leaves numbers out: they were not sent.
    expect([camera, sendings?.missing, doubled, outOfOrder]).toEqual([camera, 0, 0, 0])
    const before = seen.get(stream.camera)
    if (before !== undefined) expect(stream.first).toBeLessThanOrEqual(before)
    frames += stream.last - (before ?? stream.first - 1) - stream.missing
    seen.set(stream.camera, stream.last)
  }
  const byCamera = Map.groupBy(site.segments(), path => path.slice(0, path.indexOf('/main/')))
  for (const paths of byCamera.values()) {
    for (const path of paths.slice(0, -2)) if ((await inspectSegment(path))?.complete) rmSync(path)
  }
  return frames
}

it(`${COUNT} cameras of ${MBPS} Mbps for ${MINUTES} minutes, the daemon killed again and again: no frame lost, nothing grows`, async () => {
  site = new TestSite({ segment: 10 })
  const cameras = await spawnVirtualCameras({ count: COUNT, main: MBPS * 1e6, sub: undefined })
  site.defer(() => cameras.stop())
  site.write([site.range(cameras)], ['limits: { connects_per_second: 100, connects_per_host: 50 }'])
  await site.start()
  await site.recording(undefined, 120)
  const workers = site.workerPids()
  const started = Date.now()
  const usages: Usage[] = []
  const seen = new Map<string, number>()
  let frames = 0
  let kills = 0
  for (let turn = 1; Date.now() - started < MINUTES * 60_000; turn++) {
    const next = started + turn * LOOK * 1_000
    await site.killDaemon()
    kills++
    await site.start()
    frames += await proveAndDelete(cameras, seen)
    usages.push(await usage(started))
    const { at, rss, files, pool } = usages.at(-1)!
    console.log(
      `${at.toFixed(1)} min: ${frames} frames, ${rss.toFixed(0)} MB, ${files} files, ${pool.toFixed(0)} MB of frames`,
    )
    await sleep(systemClock, Math.max(0, next - Date.now()))
  }
  const to = Date.now()
  await site.written(to)
  const { summary, cameras: reports } = await site.status()
  expect(summary).toMatchObject({ ok: COUNT, bad: 0 })
  expect(site.workerPids()).toEqual(workers)
  for (const { id, main, lost } of reports) {
    expect({ id, ...main }).toMatchObject({ id, reconnects: 0, packetsLost: 0, damaged: 0, framesDropped: 0 })
    expect(Object.keys(lost).filter(reason => reason !== 'starting')).toEqual([])
  }
  const { streams } = await cameras.client.statistics()
  await site.stop()
  frames += await proveAndDelete(cameras, seen)
  // Every frame that was sent before `to` has been seen on disk.
  for (const { camera, sessions } of streams) {
    expect(sessions).toHaveLength(1)
    expect(seen.get(camera)).toBeGreaterThanOrEqual(sessions[0]!.ranges.at(-1)!.last - 25)
  }
  console.log(`${frames} frames proved, ${kills} kills of the daemon`)
  // Compare with the third of a short run, or the second minute of a long one: by then everything has its size.
  const early = usages.find(({ at }) => at >= Math.min(2, MINUTES / 3)) ?? usages[0]!
  const late = usages.slice(-3)
  const least = (pick: (usage: Usage) => number) => Math.min(...late.map(pick))
  expect(least(({ rss }) => rss)).toBeLessThan(early.rss * 1.1 + 16)
  expect(least(({ files }) => files)).toBeLessThanOrEqual(early.files + 8)
  expect(least(({ pool }) => pool)).toBeLessThan(early.pool * 1.25 + 16)
})
