import { statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { DemoReport } from '../../src/bench/index.ts'
import { verifyFrames } from '../../src/media/virtual/index.ts'
import { leavingNothing } from '../support/leaving-nothing.ts'
import { vmsctl } from '../support/vmsctl.ts'

describe('vmsctl demo', () => {
  it(
    'records through kills and a reboot, accounts for every frame, and leaves nothing but recordings',
    leavingNothing(async ({ dir, temporary }) => {
      const archive = join(dir, 'recordings')
      const { code, out, err } = await vmsctl(
        ['demo', '--cameras', '4', '--seconds', '10', '--dir', archive, '--json'],
        {
          TMPDIR: temporary,
        },
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
    }),
  )

  it(
    'refuses what it cannot do, before anything is started',
    leavingNothing(async ({ dir, temporary }) => {
      const run = (...args: string[]) => vmsctl(['demo', ...args], { TMPDIR: temporary })
      const full = await run('--dir', dir)
      expect([full.code, full.out]).toEqual([4, ''])
      expect(full.err).toContain(`${dir} is not empty`)
      const wrong = await run('--camera', 'http://admin:secret@10.0.0.1/')
      expect([wrong.code, wrong.out]).toEqual([2, ''])
      expect(wrong.err).toContain('--camera: the URL begins with "http://"')
      expect(wrong.err).not.toContain('secret')
    }),
  )
})
