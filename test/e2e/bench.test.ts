import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { JoinBenchReport, LiveBenchReport, RecordBenchReport } from '../../src/bench/index.ts'
import { sleep, systemClock } from '../../src/kernel/clock.ts'
import { processesNaming } from '../support/processes.ts'
import { hasProgram } from '../support/programs.ts'
import { spawnVmsctl, vmsctl } from '../support/vmsctl.ts'

const FFMPEG = hasProgram('ffmpeg')
const MEDIAMTX = hasProgram('mediamtx', ['--version'])

const LEFT_WITHIN = 10_000

it('bench record measures each engine on the same cameras, and finds every frame', async () => {
  const peers = [...(FFMPEG ? ['ffmpeg'] : []), ...(MEDIAMTX ? ['mediamtx'] : [])]
  const flags = ['--cameras', '3', '--bitrate', '500kbps', '--seconds', '3', '--against', peers.join(',')]
  const { code, out } = await vmsctl(['bench', 'record', ...flags, '--json'])
  expect(code).toBe(0)
  const report = JSON.parse(out) as RecordBenchReport
  expect(report.results.map(({ engine }) => engine)).toEqual(['native', ...peers])
  for (const { usage, bytes, frames, camerasWithout } of report.results) {
    expect(camerasWithout).toBe(0)
    // Three seconds and those before and after them, of three cameras.
    expect(frames).toBeGreaterThan(3 * 3 * 25)
    expect(bytes).toBeGreaterThan(3 * 3 * 50_000)
    expect(usage.cpu).toBeGreaterThan(0)
    expect(usage.rss).toBeGreaterThan(10_000_000)
  }
  expect(report.results[0]).toMatchObject({ framesLost: 0, usage: { processes: 2 } })
  expect(report.ratios.map(({ against }) => against)).toEqual(peers)
})

it('bench join measures how long a viewer waits for a picture', async () => {
  const { code, out } = await vmsctl(['bench', 'join', '--cameras', '2', '--joins', '6', '--json'])
  expect(code).toBe(0)
  const { results } = JSON.parse(out) as JoinBenchReport
  expect(results).toMatchObject([{ joins: 6 }])
  // The key frame before the join; the next one would take up to two seconds.
  expect(results[0]!.p50).toBeLessThan(500)
})

it('bench join measures sub-streams that somebody watches', async () => {
  const { code, out } = await vmsctl(['bench', 'join', '--stream', 'sub', '--cameras', '2', '--joins', '4', '--json'])
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({ stream: 'sub', results: [{ joins: 4 }] })
})

it.skipIf(!MEDIAMTX)(
  'bench live measures both sides on the same cameras, and every frame comes',
  async () => {
    const flags = [
      '--cameras',
      '3',
      '--streams',
      '2',
      '--viewers',
      '3',
      '--seconds',
      '2',
      '--rounds',
      '1',
      '--starts',
      '2',
    ]
    const { code, out } = await vmsctl(['bench', 'live', ...flags, '--json'])
    expect(code).toBe(0)
    const { coldStarts, load } = JSON.parse(out) as LiveBenchReport
    for (const starts of [coldStarts.waiting, coldStarts.atOnce]) {
      expect(starts.map(({ engine, starts }) => [engine, starts])).toEqual([
        ['vmsctl', 2],
        ['mediamtx', 2],
      ])
      for (const { p50 } of starts) expect(p50).toBeGreaterThan(1)
    }
    expect(load.map(({ engine }) => engine)).toEqual(['vmsctl', 'mediamtx'])
    // Two seconds of four viewers; each stream of a camera once.
    for (const { frames, connections, connectionsOfStream, usage } of load) {
      expect(frames).toBeGreaterThan(4 * 25)
      expect([connections, connectionsOfStream]).toEqual([5, 1])
      expect(usage.cpu).toBeGreaterThan(0)
    }
    expect(load[0]).toMatchObject({ missing: 0, strange: 0, reconnects: 0 })
  },
  180_000,
)

it('a bench that is killed in the middle leaves no process and no file', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'vms-bench-kill-'))
  const temporary = join(dir, 't')
  mkdirSync(temporary)
  try {
    const child = spawnVmsctl(
      ['bench', 'record', '--cameras', '2', '--bitrate', '200kbps', '--seconds', '60', '--dir', temporary],
      { TMPDIR: temporary },
    )
    let err = ''
    await new Promise<void>((resolve, reject) => {
      child.stderr!.on('data', chunk => {
        err += chunk
        if (err.includes('native: measuring')) resolve()
      })
      child.once('exit', () => reject(new Error(`it ended before it measured: ${err}`)))
    })
    expect(processesNaming(temporary).filter(line => line.includes('--state-dir')).length).toBeGreaterThanOrEqual(2)
    const ended = new Promise(resolve => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
    const left = () => [...processesNaming(temporary), ...readdirSync(temporary)]
    for (const end = Date.now() + LEFT_WITHIN; left().length > 0 && Date.now() < end; ) await sleep(systemClock, 50)
    expect(left()).toEqual([])
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})
