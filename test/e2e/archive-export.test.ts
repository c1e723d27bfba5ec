import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ExportReport } from '../../src/cli/export-site.ts'
import { sleep, systemClock } from '../../src/kernel/clock.ts'
import { spawnVirtualCameras, verifyFrames } from '../../src/media/virtual/index.ts'
import type { EvidenceVerdict } from '../../src/recording/export/index.ts'
import { hasProgram } from '../support/programs.ts'
import { TestSite } from '../support/test-site.ts'
import { runProgram, vmsctl } from '../support/vmsctl.ts'

const site = new TestSite({ segment: 3 })
const env = { VMSCTL_STATE_DIR: site.stateDir, VMS_CONFIG: site.config }
const run = (...args: string[]) => vmsctl(args, env)
const out = (name: string) => join(site.dir, name)
/** Wall-clock milliseconds from and to which all of it is recorded. */
let [from, to] = [0, 0]
const at = (milliseconds: number) => new Date(milliseconds).toISOString()

beforeAll(async () => {
  const cameras = await spawnVirtualCameras({
    count: 2,
    main: 800_000,
    sub: undefined,
    gop: 50,
    audio: 'aac',
    bframes: true,
  })
  site.defer(() => cameras.stop())
  site.write([site.range(cameras, ', group: outside')])
  expect((await run('daemon', 'start')).code).toBe(0)
  from = (await site.recording()) + 1_200
  await sleep(systemClock, 9_000)
  to = systemClock.wall() - 2_300
  await site.written(to)
  await site.stop()
}, 60_000)

afterAll(() => site[Symbol.asyncDispose]())

describe('archive export', () => {
  it('has every frame of the span, whoever looks: the marks of the cameras are unbroken', async () => {
    const { code, err } = await run(
      'archive',
      'export',
      'cam-001',
      '--from',
      at(from),
      '--to',
      at(to),
      '-o',
      out('clip.mp4'),
    )
    expect([code, err.includes('%')]).toEqual([0, true])
    mkdirSync(out('proof'))
    writeFileSync(out('proof/clip.mp4'), readFileSync(out('clip.mp4')))
    // The marks have the time of sending; arrival is some milliseconds later.
    const verdict = await verifyFrames(out('proof'), { from: from + 100, to: to - 100 })
    expect(verdict.ok).toBe(true)
    expect(verdict.streams.map(({ camera }) => camera)).toEqual(['cam-001'])
  })

  it.skipIf(!hasProgram('ffprobe'))('goes to a pipe as well', async () => {
    const args = `archive export cam-002 --from ${at(from)} --to ${at(to)} -o -`
    const probe = 'ffprobe -v error -count_frames -select_streams v -show_entries stream=nb_read_frames -of csv=p=0 -'
    const command = `"${join(process.cwd(), 'bin/vmsctl')}" ${args} | ${probe}`
    const frames = Number(execFileSync('sh', ['-c', command], { env: { ...process.env, ...env } }).toString())
    const asked = ((to - from) / 1_000) * 25
    expect(frames).toBeGreaterThanOrEqual(Math.floor(asked))
    expect(frames).toBeLessThan(asked + 55)
  })

  it('of a group goes into a directory, with evidence that holds where nothing of the site is', async () => {
    const span = ['--from', at(from), '--to', at(to)]
    const { code, out: text } = await run(
      'archive',
      'export',
      '-g',
      'outside',
      ...span,
      '-o',
      out('clips'),
      '--evidence',
      '--json',
    )
    expect(code).toBe(0)
    const report = JSON.parse(text) as ExportReport
    expect(report).toMatchObject({ ok: true, failed: [], asked: { timezone: 'UTC' } })
    expect(report.cameras.map(({ camera }) => camera)).toEqual(['cam-001', 'cam-002'])
    for (const { gaps, problems, from: begins, duration } of report.cameras) {
      expect([gaps, problems]).toEqual([[], []])
      expect(from - Date.parse(begins)).toBeGreaterThanOrEqual(0)
      expect(from - Date.parse(begins)).toBeLessThanOrEqual(45)
      expect(Math.abs(duration * 1_000 - (to - from))).toBeLessThan(150)
    }
    const [first] = report.cameras
    const { path } = first!.files[0]!
    expect(readdirSync(out('clips')).length).toBe(4)
    // No configuration, no state, no home.
    const elsewhere = (...more: string[]) =>
      runProgram(join(process.cwd(), 'bin/vmsctl'), ['archive', 'check-evidence', path, ...more], {
        PATH: process.env.PATH,
      })
    const checked = await elsewhere('--fingerprint', first!.evidence!.fingerprint, '--json')
    expect(checked.code).toBe(0)
    expect(JSON.parse(checked.out) as EvidenceVerdict).toMatchObject({
      ok: true,
      key: 'known',
      sources: { altered: 0, unhashed: 0 },
    })
    const bytes = readFileSync(path)
    bytes[bytes.length - 1]! ^= 1
    writeFileSync(path, bytes)
    const { code: changed, out: words } = await elsewhere()
    expect([changed, words.split('\n')[0]]).toEqual([8, 'The evidence is NOT good.'])
  })

  it.each([
    ['an unknown camera', ['cam-01'], ['-1h'], 3, /no camera "cam-01"[\s\S]*"cam-001"/],
    ['no camera', [], ['-1h'], 2, /no camera named/],
    ['a span that ends before it begins', ['cam-001'], ['-1h', '-2h'], 2, /ends .* before it begins/],
    ['a span in the future', ['cam-001'], ['2099-01-01', '2099-01-02'], 2, /in the future/],
    ['what is no time', ['cam-001'], ['soonish'], 2, /"soonish" is not a time/],
    ['a span without footage', ['cam-001'], ['2020-01-01', '2020-01-02'], 3, /nearest footage behind it begins at 20/],
  ] as const)('refuses %s', async (_, cameras, [begin, end = 'now'], code, message) => {
    const result = await run('archive', 'export', ...cameras, '--from', begin, '--to', end, '-o', out('none.mp4'))
    expect(result.code).toBe(code)
    expect(result.err).toMatch(message)
    expect(existsSync(out('none.mp4'))).toBe(false)
  })

  it('exits with 8 when a segment is gone, and exports the others', async () => {
    const [first] = site.segments('cam-002')
    const kept = readFileSync(first!)
    rmSync(first!)
    try {
      const { code, out: text } = await run(
        'archive',
        'export',
        'cam-002',
        '--from',
        at(from - 5_000),
        '--to',
        at(to),
        '-o',
        out('hole.mp4'),
      )
      expect(code).toBe(8)
      expect(text).toContain('is gone')
      expect(existsSync(out('hole.mp4'))).toBe(true)
    } finally {
      writeFileSync(first!, kept)
    }
  })

  it('takes a snapshot', async () => {
    const { code, out: text } = await run(
      'archive',
      'snapshot',
      'cam-001',
      '--at',
      at(from),
      '-o',
      out('a.mp4'),
      '--json',
    )
    expect([code, JSON.parse(text).format]).toEqual([0, 'mp4'])
    const late = await run('archive', 'snapshot', 'cam-001', '--at', '2099-01-01', '-o', out('b.jpg'))
    expect([late.code, late.err]).toEqual([2, expect.stringContaining('is in the future')])
  })
})
