import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DemoReport } from '../../src/bench/index.ts'
import { spawnVirtualCameras, verifyFrames } from '../../src/media/virtual/index.ts'
import { builtVmsctl } from '../support/built-vmsctl.ts'
import { processesNaming } from '../support/processes.ts'
import { spawnVmsctl, vmsctl } from '../support/vmsctl.ts'

let dir: string
let temporary: string

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vms-demo-e2e-'))
  temporary = join(dir, 't')
  mkdirSync(temporary)
})

afterEach(() => {
  // Whatever is started has the temporary directory in its command line or environment.
  expect(processesNaming(temporary)).toEqual([])
  expect(readdirSync(temporary)).toEqual([])
  rmSync(dir, { recursive: true, force: true })
})

describe('vmsctl demo', () => {
  it('records through kills and a reboot, accounts for every frame, and leaves nothing but recordings', async () => {
    const archive = join(dir, 'recordings')
    const { code, out, err } = await builtVmsctl(
      ['demo', '--cameras', '4', '--seconds', '12', '--dir', archive, '--json'],
      { TMPDIR: temporary },
    )
    expect(err).toBe('')
    const report = JSON.parse(out) as DemoReport
    expect(report.broken).toEqual([])
    expect([code, report.ok]).toEqual([0, true])
    expect(report.answer).toMatch(/^Every (frame|one of the \d+ frames) that reached this machine is on disk/)

    // What it counted on disk is what is there.
    const found = await verifyFrames(archive)
    expect(found.open).toEqual([])
    expect(report.cameras.map(({ id, onDisk }) => [id, onDisk])).toEqual(
      found.streams.map(({ camera, frames }) => [camera, frames]),
    )
    for (const { sent, onDisk, missing } of report.cameras) expect(onDisk + missing!).toBe(sent)

    const [daemon, worker, reboot] = report.faults
    expect([daemon?.kind, worker?.kind, reboot?.kind]).toEqual(['daemon-killed', 'worker-killed', 'camera-rebooted'])
    expect(daemon!.newPid).not.toBe(daemon!.pid)
    expect(worker!.cameras).toEqual(['cam-002', 'cam-004'])
    const gaps = report.cameras.flatMap(camera => camera.gaps)
    expect(gaps.map(({ camera, fault }) => `${camera} ${fault}`).sort()).toEqual([
      'cam-002 worker-killed',
      'cam-003 camera-rebooted',
      'cam-004 worker-killed',
    ])
    // The camera was away for two seconds, and no footage of before was lost.
    const away = gaps.find(({ fault }) => fault === 'camera-rebooted')!
    expect(away.to! - away.from!).toBeGreaterThan(2_000)
    expect(away.framesLost).toBe(0)

    expect(report.viewer.joins).toHaveLength(4)
    expect(report.viewer.frames).toBeGreaterThan(200)
    expect(report.usage.workers.rss).toBeGreaterThan(10e6)
    expect(report.usage.all.rss).toBeGreaterThan(report.usage.workers.rss)
    expect(report.usage.simulator!.cpu).toBeGreaterThan(0)
    expect(report.recordings.directory).toBe(archive)
    expect(statSync(report.play!).size).toBeGreaterThan(100_000)
    expect(report.logs).toBeNull()
  })

  it('records real cameras, whose password it tells nobody', async () => {
    const credentials = { username: 'admin', password: 'p@ss:w0rd' }
    const real = await spawnVirtualCameras({ count: 1, main: 1_000_000, sub: undefined, audio: 'aac', credentials })
    try {
      const url = real.cameras[0]!.main.replace('rtsp://', 'rtsp://admin:p%40ss%3Aw0rd@')
      const archive = join(dir, 'recordings')
      const run = (...args: string[]) => vmsctl(['demo', '--camera', url, ...args], { TMPDIR: temporary })
      const { code, out, err } = await run('--seconds', '10', '--dir', archive)
      expect(out).toMatch(
        /^All footage that reached this machine is on disk \(\d+ frames\), except at most .* killed\.\n/,
      )
      expect(out).toMatch(/^media worker killed +camera-1 +about /m)
      expect(err).toContain('[6/6] Read back every frame\n')
      expect(code).toBe(0)

      // It drops the connection of its own accord: that must not pass for footage recorded.
      const child = spawnVmsctl(['demo', '--camera', url, '--seconds', '10', '--dir', join(dir, 'dropped')], {
        TMPDIR: temporary,
      })
      const failed = { out: '', err: '' }
      child.stdout!.on('data', chunk => {
        failed.out += chunk
      })
      child.stderr!.on('data', chunk => {
        const before = failed.err
        failed.err += chunk
        if (failed.err.includes('[5/6]') && !before.includes('[5/6]'))
          setTimeout(() => void real.client.fault('cam-001:drop'), 2_000)
      })
      const [exit] = await once(child, 'close')
      expect(failed.out).toMatch(/^A promise was not held: camera-1: .* missing at .*no fault of the demo explains it/)
      expect(exit).toBe(8)
      expect(failed.out).toContain(`Logs:       ${join(dir, 'dropped', 'logs')}`)
      expect(readdirSync(join(dir, 'dropped', 'logs'))).toEqual(['daemon.log', 'workers'])

      const written = readdirSync(dir, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
      for (const entry of written) {
        const text = readFileSync(join(entry.parentPath, entry.name), 'latin1')
        for (const secret of ['p@ss:w0rd', 'p%40ss']) expect(text.includes(secret), entry.name).toBe(false)
      }
      for (const text of [out, err, failed.out, failed.err]) expect(text).not.toMatch(/p@ss|p%40ss/)
    } finally {
      await real.stop()
    }
  })

  it('says why a camera cannot be recorded, without waiting for what will not change', async () => {
    const real = await spawnVirtualCameras({ count: 1, sub: undefined, credentials: { username: 'a', password: 'b' } })
    try {
      const url = real.cameras[0]!.main.replace('rtsp://', 'rtsp://a:guess@')
      const begun = performance.now()
      const { code, out, err } = await vmsctl(['demo', '--camera', url, '--dir', join(dir, 'none')], {
        TMPDIR: temporary,
      })
      expect(err).toMatch(/vmsctl: not recorded: camera-1 \(rtsp:\/\/127\.0\.0\.1:\d+\/cam-001\/main\): 401 /)
      expect(err).not.toContain('guess')
      expect([code, out]).toEqual([6, ''])
      expect(existsSync(join(dir, 'none')), 'a directory without recordings').toBe(false)
      expect(performance.now() - begun).toBeLessThan(25_000)
    } finally {
      await real.stop()
    }
  })

  it('refuses what it cannot do, before anything is started', async () => {
    const run = (...args: string[]) => vmsctl(['demo', ...args], { TMPDIR: temporary })
    const full = await run('--dir', dir)
    expect([full.code, full.out]).toEqual([4, ''])
    expect(full.err).toContain(`${dir} is not empty`)
    const wrong = await run('--camera', 'http://admin:secret@10.0.0.1/')
    expect([wrong.code, wrong.out]).toEqual([2, ''])
    expect(wrong.err).toContain('--camera: the URL begins with "http://"')
    expect(wrong.err).not.toContain('secret')
  })
})
