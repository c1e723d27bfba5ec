/**
 * `npm run bench:archive [cameras] [days] [files]`: builds the index of a site (200 cameras, 90 days: 8.6 million segments) and
 * asks of it what people and the daemon ask; then makes an index anew from so many files (20 000).
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cameraAccount } from '../../recording/coverage/index.ts'
import { openIndex } from '../../recording/segment-index/open-index.ts'
import { SegmentIndex } from '../../recording/segment-index/segment-index.ts'
import { measureRebuild } from './rebuild-speed.ts'
import { cameraName, type SyntheticSite, segmentsPerDay, syntheticDay } from './synthetic-archive.ts'

const [cameras = 200, days = 90, files = 20_000] = process.argv.slice(2).map(Number)
const DAY = 86_400_000
const site: SyntheticSite = { cameras, days, segment: 180_000, start: Date.UTC(2026, 0, 1) }
const directory = mkdtempSync(join(tmpdir(), 'vms-bench-archive-'))
const path = join(directory, 'archive.db')

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
const show = (what: string, figure: string) => console.log(`${what.padEnd(64)}${figure}`)
const milliseconds = (value: number) => `${value.toFixed(1)} ms`

function timed(work: () => unknown): number {
  const before = performance.now()
  work()
  return performance.now() - before
}

function build(index: SegmentIndex): void {
  const spent = timed(() => {
    for (let camera = 0; camera < cameras; camera++) {
      for (let day = 0; day < days; day++) index.add(syntheticDay(site, camera, day))
      index.note(
        cameraName(camera),
        Array.from({ length: days }, (_, day) => {
          const end = site.start + (day + 1) * DAY + camera * 311
          return { start: end - 7_000, end, reason: 'connection closed by the camera' }
        }),
      )
    }
  })
  const rows = cameras * days * segmentsPerDay(site)
  show(`${rows} segments put in`, `${(rows / (spent / 1_000)).toFixed(0)} a second`)
  show('bytes of the index for each', (statSync(path).size / rows).toFixed(1))
}

function ask(index: SegmentIndex): void {
  const spent: number[] = []
  for (let turn = 0; turn < 500; turn++) {
    const start = site.start + ((turn * 37) % days) * DAY
    const camera = cameraName((turn * 71) % cameras)
    spent.push(timed(() => index.segments(camera, { start, end: start + DAY })))
  }
  show(
    "one camera's day, median / p95 of 500",
    `${milliseconds(quantile(spent, 0.5))} / ${milliseconds(quantile(spent, 0.95))}`,
  )
  const month = { start: site.start, end: site.start + Math.min(30, days) * DAY }
  const account = timed(() => {
    for (let camera = 0; camera < cameras; camera++) {
      const name = cameraName(camera)
      const facts = { recorded: index.recorded(name, month), notes: index.gaps(name, month), removed: [], wishes: [] }
      cameraAccount({ ...facts, configured: [month] }, month, month.end)
    }
  })
  show('account of all cameras for 30 days', milliseconds(account))
}

/** A full site closes a segment of each camera at once, and old ones go, while somebody reads without pause. */
async function askWhileWriting(index: SegmentIndex): Promise<void> {
  const program = fileURLToPath(new URL('./reader.ts', import.meta.url))
  const reader = fork(program, [path, String(cameras), String(site.start), String(days)])
  await once(reader, 'message')
  const writes: number[] = []
  for (let turn = 0; turn < 20; turn++) {
    const all = Array.from({ length: cameras }, (_, camera) => syntheticDay(site, camera, days)[turn]!)
    writes.push(timed(() => index.add(all)))
    const oldest = index.segments(cameraName(turn % cameras), { start: site.start, end: site.start + DAY / 4 })
    writes.push(timed(() => index.remove(oldest.slice(0, 100), 'expired')))
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  const told = once(reader, 'message')
  reader.send('stop')
  const [{ reads, slowest }] = (await told) as [{ reads: number; slowest: number }]
  show(`slowest read of ${reads} days meanwhile, in another process`, milliseconds(slowest))
  show('a segment of every camera put in, or 100 removed: slowest', milliseconds(Math.max(...writes)))
}

const database = openIndex(path)
try {
  const index = new SegmentIndex(database)
  build(index)
  ask(index)
  await askWhileWriting(index)
  const { rate, spent } = await measureRebuild(directory, files)
  show(`an index of ${files} files made anew`, `${spent.toFixed(1)} s, ${rate.toFixed(0)} files a second`)
} finally {
  database.close()
  rmSync(directory, { recursive: true, force: true })
}
