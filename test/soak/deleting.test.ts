import { existsSync, globSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { sleep, systemClock } from '../../src/kernel/clock.ts'
import { fileName, segmentName } from '../../src/media/recorder/index.ts'
import { spawnVirtualCameras } from '../../src/media/virtual/index.ts'
import { SegmentIndex } from '../../src/recording/index.ts'
import { openIndex } from '../../src/recording/segment-index/open-index.ts'
import { markedFile } from '../recording/retention/small-archive.ts'
import { segment } from '../recording/support.ts'
import { TestSite } from '../support/test-site.ts'
import { vmsctl } from '../support/vmsctl.ts'

const COUNT = Number(process.env.SOAK_CAMERAS ?? 200)
const MBPS = Number(process.env.SOAK_MBPS ?? 1)
const FILES = 10_000
const DAY = 86_400_000

let site: TestSite
afterEach(() => site[Symbol.asyncDispose]())

/** Old footage of all cameras, in files and index: what retention deletes. */
function recordLongAgo(cameras: readonly string[]): void {
  const database = openIndex(join(site.stateDir, 'archive.db'))
  const index = new SegmentIndex(database)
  const padding = Buffer.alloc(64 * 1_024)
  const each = FILES / cameras.length
  for (const camera of cameras) {
    const segments = Array.from({ length: each }, (_, number) => {
      const start = Date.now() - 40 * DAY + number * 180_000
      const { directory, stem } = segmentName(camera, 'main', start, 'utc', 'UTC')
      const path = `${directory}/${fileName({ directory, stem }, 0)}`
      const mark = { camera, stream: 'main' as const, session: 'old', number, wallStart: start }
      const bytes = Buffer.concat([markedFile(mark), padding])
      mkdirSync(dirname(join(site.archive, path)), { recursive: true })
      writeFileSync(join(site.archive, path), bytes)
      return segment(start, start + 180_000, { camera, session: 'old', number, path, bytes: bytes.length })
    })
    index.add(segments)
  }
  // It was recording the other day too: else retention would not believe the clock.
  const recent = Date.now() - 2 * DAY
  index.add([segment(recent, recent + 180_000, { camera: 'hall', path: 'hall/main/gone.mp4' })])
  database.close()
}

it.each(['command', 'daemon'])(
  `the %s deletes ${FILES} segments while ${COUNT} cameras of ${MBPS} Mbps record: no frame lost`,
  async who => {
    // What is free on the disk of whoever runs this decides nothing.
    site = new TestSite({ segment: 10, storage: 'headroom: { warn: 1min, delete: 1min }' })
    const cameras = await spawnVirtualCameras({ count: COUNT, main: MBPS * 1e6, sub: undefined })
    site.defer(() => cameras.stop())
    const settings = ['limits: { connects_per_second: 100, connects_per_host: 50 }']
    site.write([site.range(cameras)], settings)
    await site.start()
    await site.recording(undefined, 120)
    recordLongAgo(cameras.cameras.map(({ id }) => id))
    site.write([site.range(cameras)], [...settings, 'defaults: { retention: { age: 30d } }'])

    const quiet = systemClock.monotonic() + 10_000
    const [, usual] = await lookUntil(() => systemClock.monotonic() > quiet)
    const begun = systemClock.monotonic()
    let done = false
    const deleted = (who === 'command' ? byCommand() : byDaemon()).finally(() => {
      done = true
    })
    const [looks, slowest] = await lookUntil(() => done)
    await deleted
    const spent = (systemClock.monotonic() - begun) / 1_000
    expect(globSync('*/main/*/*', { cwd: site.archive }).filter(path => path.includes(oldDay()))).toEqual([])
    expect(existsSync(join(site.archive, cameras.cameras[0]!.id, 'main', oldDay()))).toBe(false)

    await site.written(Date.now())
    const { cameras: reports } = await site.status()
    for (const { id, main, lost } of reports) {
      expect({ id, ...main }).toMatchObject({ id, reconnects: 0, packetsLost: 0, damaged: 0, framesDropped: 0 })
      expect(Object.keys(lost).filter(reason => reason !== 'starting')).toEqual([])
    }
    await site.stop()
    const { damaged, streams } = await site.verify(cameras)
    expect(damaged).toEqual([])
    expect(streams).toHaveLength(COUNT)
    for (const { camera, sendings, doubled, outOfOrder } of streams)
      expect([camera, sendings?.missing, doubled, outOfOrder]).toEqual([camera, 0, 0, 0])
    const pace = `${looks} looks at the status, the slowest ${slowest.toFixed(0)} ms (before: ${usual.toFixed(0)} ms)`
    console.log(`${who}: ${FILES} segments in ${spent.toFixed(1)} s; ${pace}`)
  },
)

/** Looks at the status again and again; all cameras must be well. Gives how often, and the milliseconds of the slowest. */
async function lookUntil(ended: () => boolean): Promise<[looks: number, slowest: number]> {
  let [looks, slowest] = [0, 0]
  while (!ended()) {
    const asked = systemClock.monotonic()
    const { summary } = await site.status()
    slowest = Math.max(slowest, systemClock.monotonic() - asked)
    expect(summary).toMatchObject({ ok: COUNT, bad: 0 })
    looks++
    await sleep(systemClock, 100)
  }
  return [looks, slowest]
}

const run = (...args: string[]) => vmsctl(args, { VMSCTL_STATE_DIR: site.stateDir, VMS_CONFIG: site.config })

/** In a process of its own, beside a daemon that keeps everything. */
async function byCommand(): Promise<void> {
  const { code, out, err } = await run('archive', 'retention', 'apply', '--json')
  expect([code, err]).toEqual([0, ''])
  // The daemon takes some of what is marked, and between its unlink and its row the command may find a file gone.
  const { files, left, trouble } = JSON.parse(out)
  expect({ left, trouble }).toEqual({ left: [], trouble: null })
  expect(files).toBeGreaterThan(FILES / 2)
}

/** By the daemon itself, which is told the age. */
async function byDaemon(): Promise<void> {
  expect((await run('daemon', 'reload')).code).toBe(0)
  const database = openIndex(join(site.stateDir, 'archive.db'))
  const old = database.prepare('SELECT count(*) AS rows FROM segment WHERE start < ?')
  while ((old.get(Date.now() - 30 * DAY) as { rows: number }).rows > 0) await sleep(systemClock, 200)
  database.close()
}

function oldDay(): string {
  return new Date(Date.now() - 40 * DAY).toISOString().slice(0, 10)
}
