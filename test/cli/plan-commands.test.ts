import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { measureKinds, recordCpuOf } from '../../src/cli/plan/measured-site.ts'
import { compare } from '../../src/cli/plan/plan-check.ts'
import { draftOfConfig } from '../../src/cli/plan/plan-from-site.ts'
import { loadSiteConfig } from '../../src/config/index.ts'
import type { CameraReport, SiteStatus } from '../../src/daemon/types.ts'
import { composeInputs, emptyDraft } from '../../src/planning/index.ts'
import { planOf } from '../planning/plan-support.ts'
import { fakeCameraStatus } from '../support/camera-status.ts'
import { runCommand } from '../support/run-command.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vmsctl-plan-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

function camera(id: string, bitrate: number | null): CameraReport {
  const { main, recording } = fakeCameraStatus(id, { now: 1e12, since: 1e12 - 60_000 })
  return {
    id,
    group: null,
    health: 'ok',
    reason: null,
    wish: { record: true, by: 'configuration', at: null, until: null },
    worker: 0,
    main: { ...main, codec: 'h264', width: 1920, height: 1080, fps: 25, bitrate },
    sub: null,
    viewers: 0,
    recording,
    writtenAge: 600,
    bytesOnDisk: 1e12,
    lost: {},
  }
}

describe('plan', () => {
  it('answers in one screen, the last figures first to break', async () => {
    const { out, code } = await runCommand(['plan', '--cameras', '200'])
    expect(code).toBe(0)
    expect(out).toMatch(
      /^200 cameras, H\.264 1080p, 4 Mbps main \(assumption: P10 2, P90 6\), 30 days, 20 operators x 9 tiles\n/,
    )
    expect(out).toMatch(/ingest, recording, by day +800 Mbps +1\.0\d Gbps/)
    expect(out).toMatch(/Breaks first: the 1 Gbps uplink, above \d+ cameras \(P95\)\. Next: 30 days on \d+ disks/)
    expect(out).toMatch(/assumption: .*correlation 0\.3/s)
    expect(out.split('\n').length).toBeLessThan(45)
  })

  it('writes a file that rerun gives back to the last digit, and finds an edit in', async () => {
    const file = join(dir, 'plan.json')
    const { out } = await runCommand(['plan', '--cameras', '120', '--resolution', '4k', '--json'])
    writeFileSync(file, out)
    const same = await runCommand(['plan', 'rerun', file])
    expect([same.code, same.out]).toEqual([0, expect.stringContaining('to the last digit')])
    const plan = JSON.parse(readFileSync(file, 'utf8'))
    plan.figures[0].p95 += 1
    writeFileSync(file, JSON.stringify(plan))
    const edited = await runCommand(['plan', 'rerun', file])
    expect([edited.code, edited.out]).toEqual([8, expect.stringContaining('figures[0].p95: ')])
  })

  it('what-if and solve', async () => {
    const { out } = await runCommand([
      'plan',
      'what-if',
      '--cameras',
      '200',
      '--set',
      'cameras=300',
      '--set',
      'retention=60d',
    ])
    expect(out).toMatch(/^cameras 200 -> 300, retention 30d -> 60d\./)
    expect(out).toMatch(/\nNow\. {2}Breaks first: .*\nThen\. Breaks first: /)
    const solved = await runCommand([
      'plan',
      'solve',
      '--max',
      'cameras',
      '--given',
      'cores=8,uplink=1Gbps,disks=12x16TB',
      '--json',
    ])
    const { value, plan } = JSON.parse(solved.out)
    expect(plan.cameras).toBe(Number(value))
    expect(plan.limits.find((limit: { sized: boolean }) => !limit.sized).cameras).toBe(Number(value))
  })

  it('counts the cameras of vms.yaml, and keeps what it says of retention and linger', async () => {
    const file = join(dir, 'vms.yaml')
    const cameras = [
      '  - { range: "hall-{001..150}", main: "rtsp://10.0.0.{n}/a", sub: "rtsp://10.0.0.{n}/b" }',
      '  - { id: gate, main: "rtsp://10.0.1.1/a" }',
    ]
    writeFileSync(
      file,
      [
        'site: { name: t, timezone: UTC }',
        'storage: { path: ./a }',
        'gateway: { linger: 45s }',
        'defaults: { retention: { age: 14d } }',
        'cameras:',
        ...cameras,
      ].join('\n'),
    )
    const { config } = await loadSiteConfig(file, { env: {}, cwd: dir })
    const { inputs } = composeInputs(draftOfConfig(config))
    expect(inputs.cameras.map(({ count, sub }) => [count, sub !== null])).toEqual([
      [150, true],
      [1, false],
    ])
    expect([inputs.storage.retention, inputs.viewers.linger]).toEqual([14 * 86_400_000, 45_000])
  })
})

describe('what was measured', () => {
  it('takes the place of the model, camera by kind, and both are told', () => {
    const draft = emptyDraft()
    const kinds = measureKinds(draft, [camera('a', 3e6), camera('b', 5e6), camera('c', null)])
    expect(kinds).toEqual([{ name: 'h264 1080p', cameras: 3, model: 4e6, measured: 4e6 }])
    const { inputs, origins } = composeInputs(draft)
    expect(inputs.cameras[0]).toMatchObject({ count: 3, fps: 25, main: { p50: 4e6 }, sub: null })
    expect(origins.bitrate).toMatchObject({ by: 'measured', grade: 'measured' })
  })

  it('reads the CPU of a bench, brought to 4 Mbps', () => {
    const report = (cpu: number, cameras: number, bitrate: number, framesLost = 0) =>
      JSON.stringify({ cameras, bitrate, results: [{ engine: 'native', framesLost, usage: { cpu } }] })
    expect(recordCpuOf(report(17.9, 200, 4e6), 'b.json')).toBeCloseTo(0.000895, 6)
    expect(recordCpuOf(report(51.3, 1_000, 1e6), 'b.json')).toBeCloseTo(0.000895, 4)
    expect(() => recordCpuOf('{}', 'b.json')).toThrow('--bench: b.json is no result of `vmsctl bench record`')
    expect(() => recordCpuOf(report(9, 200, 4e6, 5), 'b.json')).toThrow('lost 5 frames')
  })

  it('--check finds what is beyond the plan, and lets less be', () => {
    const plan = planOf({ cameras: '3' })
    const status = (bitrate: number): SiteStatus =>
      ({
        cameras: ['a', 'b', 'c'].map(id => camera(id, bitrate)),
        summary: { cameras: 3, subStreams: 0, readers: 0, bitrate: 3 * bitrate, headroom: 40 * 86_400_000 },
        workers: [],
      }) as unknown as SiteStatus
    expect(compare(plan, status(4e6), 0.001, 0.2).ok).toBe(true)
    expect(compare(plan, status(100e3), null, 0.2).ok).toBe(true)
    const beyond = compare(plan, status(40e6), 1, 0.2)
    expect(beyond.rows.filter(row => !row.ok).map(row => row.what)).toEqual(['ingest, recording', 'CPU of recording'])
  })
})
