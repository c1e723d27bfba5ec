import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { statePaths } from '../../src/config/state-paths.ts'
import type { JournalEntry } from '../../src/media/recorder/index.ts'
import { openIndex } from '../../src/recording/segment-index/open-index.ts'
import { SegmentIndex } from '../../src/recording/segment-index/segment-index.ts'
import { runCommand } from '../support/run-command.ts'

const directory = mkdtempSync(join(tmpdir(), 'vms-archive-'))
afterAll(() => rmSync(directory, { recursive: true }))

/** The last hour: gate-1 whole, hall-1 with a hole of ten minutes that a worker explains. */
function journal(now: number): JournalEntry[] {
  const segment = (camera: string, number: number, from: number, to: number): JournalEntry => ({
    type: 'segment',
    camera,
    stream: 'main',
    session: `${camera}-${number < 10 ? 1 : 2}`,
    number: number % 10,
    path: `${camera}/main/${number}.mp4`,
    start: now + from * 60_000,
    end: now + to * 60_000,
    bytes: 1e6,
    frames: 10,
    codec: 'h264',
    began: 'first',
    ended: 'duration',
    clockOffset: null,
    sha256: null,
  })
  return [
    segment('gate-1', 0, -60, -30),
    segment('gate-1', 1, -30, 0),
    segment('hall-1', 0, -60, -40),
    { type: 'gap', camera: 'hall-1', start: now - 40 * 60_000, end: now - 30 * 60_000, reason: 'refused' },
    segment('hall-1', 10, -30, 0),
    segment('gone-1', 0, -60, -20),
  ]
}

const common = ['-c', join(directory, 'vms.yaml'), '--state-dir', join(directory, 'state')]
const since = (args: readonly string[]) => (args.includes('--from') ? args : ['--from', '-55m', ...args])
const coverage = (...args: string[]) => runCommand(['archive', 'coverage', ...since(args), ...common])

beforeAll(() => {
  mkdirSync(join(directory, 'state/workers'), { recursive: true })
  mkdirSync(join(directory, 'archive'))
  writeFileSync(
    join(directory, 'vms.yaml'),
    [
      'site: { name: test, timezone: Europe/Paris }',
      'storage: { path: ./archive }',
      'cameras:',
      '  - { id: gate-1, main: "rtsp://127.0.0.1:9/a" }',
      '  - { id: hall-1, main: "rtsp://127.0.0.1:9/b", group: hall }',
    ].join('\n'),
  )
  const index = openIndex(statePaths(join(directory, 'state')).index)
  // Before that, what a journal tells of files that are not there counts for nothing.
  new SegmentIndex(index).setComplete('storage', Date.now())
  index.close()
  const head = { type: 'journal', version: 1, base: 0 }
  const lines = [head, ...journal(Date.now())].map(entry => `${JSON.stringify(entry)}\n`)
  writeFileSync(join(directory, 'state/workers/0.journal'), lines.join(''))
})

describe('archive coverage', () => {
  it('answers first, with the zone, and says why', async () => {
    const { out, code } = await coverage()
    const [answer, period, ...rest] = out.split('\n')
    expect(answer).toMatch(/^1 of 2 cameras lacks footage: hall-1 10 min\. 90\.\d\d % is recorded\.$/)
    expect(period).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d to .* Europe\/Paris$/)
    expect(rest.join('\n')).toMatch(/^hall-1 .* 10 min +refused$/m)
    expect(code).toBe(0)
  })
  it('knows a camera that is not configured any more, by its name', async () => {
    expect((await coverage('gone-1', '--to', '-25m')).out).toMatch(/^gone-1 lacks nothing: /)
    expect((await coverage()).out).not.toContain('gone-1')
  })
  it('fails under a percentage and names the cameras', async () => {
    expect(await coverage('--fail-under', '99.9', '--quiet')).toEqual({
      code: 8,
      out: '',
      err: 'under 99.9 %: hall-1\n',
    })
    expect((await coverage('gate-1', '--fail-under', '100%')).code).toBe(0)
    const json = JSON.parse((await coverage('--fail-under', '99.9', '--json')).out)
    expect(json.below).toEqual(['hall-1'])
  })
  it('is data for programs', async () => {
    const json = JSON.parse((await coverage('--group', 'hall', '--json')).out)
    expect(json.timezone).toBe('Europe/Paris')
    expect(json.from).toMatch(/^\d{4}-\d\d-\d\dT.*[+]0[12]:00$/)
    expect(json.cameras).toHaveLength(1)
    expect(json.cameras[0].pieces.map(({ state }: { state: string }) => state)).toEqual([
      'recorded',
      'refused',
      'recorded',
    ])
    expect((await coverage('hall-1', '--csv')).out.split(/\r?\n/)[2]).toMatch(/^hall-1,.*,600,refused,refused$/)
  })
  it('writes one file, whole', async () => {
    const path = join(directory, 'out.html')
    expect((await coverage('--html', '-o', path)).out).toMatch(/^1 of 2 cameras lacks footage/)
    expect(readFileSync(path, 'utf8')).toMatch(/^<!doctype html>/)
    expect((await coverage('--csv', '-o', join(directory, 'none/x.csv'))).code).toBe(5)
    expect(readdirSync(directory).filter(name => name.endsWith('.part'))).toEqual([])
  })
  it.each([
    [['nobody'], 3, 'no camera "nobody"'],
    [['gone-2'], 3, 'Did you mean "gone-1"?'],
    [['hall-2'], 3, 'Did you mean "hall-1"?'],
    [['--group', 'hal'], 3, 'Did you mean "hall"?'],
    [['--to', '-2h'], 2, 'before it begins'],
    [['--from', '2199-01-01', '--to', '2199-01-02'], 2, 'in the future'],
    [['--from', 'noon'], 2, '"noon" is not a time'],
    [['--fail-under', 'all'], 2, 'is not a percentage'],
  ])('%j is refused', async (args, code, words) => {
    const result = await coverage(...args)
    expect([result.code, result.err]).toEqual([code, expect.stringContaining(words)])
  })
})

describe('archive list', () => {
  const list = (...args: string[]) => runCommand(['archive', 'list', ...since(args), ...common])
  it('lists segments and their sums', async () => {
    const { out } = await list()
    expect(out).toMatch(/^4 segments of 2 cameras: 1 h 50 min, 4 MB\.\n.* Europe\/Paris\n/)
    expect(out).toMatch(/^hall-1 .* 30 min +1 MB +h264 +first +duration +hall-1\/main\/10\.mp4$/m)
    expect((await list('--sub')).out).toMatch(/^No segments/)
  })
  it('is data for programs', async () => {
    const json = JSON.parse((await list('gate-1', '--from', '-10m', '--json')).out)
    expect(json.sums).toEqual({ segments: 1, cameras: 1, duration: 1_800_000, bytes: 1e6 })
    expect(json.segments[0]).toMatchObject({ camera: 'gate-1', path: 'gate-1/main/1.mp4' })
    expect((await list('gate-1', '--csv')).out.trim().split(/\r?\n/)).toHaveLength(3)
  })
})
