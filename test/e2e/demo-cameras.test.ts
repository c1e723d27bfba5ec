import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { spawnVirtualCameras, type VirtualCamerasProcess } from '../../src/media/virtual/index.ts'
import { leavingNothing } from '../support/leaving-nothing.ts'
import { spawnVmsctl, vmsctl } from '../support/vmsctl.ts'

const SECRET = { username: 'admin', password: 'p@ss:w0rd' }
const realCamera = () =>
  spawnVirtualCameras({ count: 1, main: 1_000_000, sub: undefined, gop: 25, audio: 'aac', credentials: SECRET })
const urlOf = (real: VirtualCamerasProcess) =>
  real.cameras[0]!.main.replace('rtsp://', `rtsp://admin:${encodeURIComponent(SECRET.password)}@`)

/** The password stands in nothing that was written below `dir`, and in nothing that was said. */
function expectSecret(dir: string, ...said: string[]): void {
  const written = readdirSync(dir, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  expect(written.length).toBeGreaterThan(0)
  for (const entry of written) {
    const text = readFileSync(join(entry.parentPath, entry.name), 'latin1')
    for (const secret of ['p@ss:w0rd', 'p%40ss']) expect(text.includes(secret), entry.name).toBe(false)
  }
  for (const text of said) expect(text).not.toMatch(/p@ss|p%40ss/)
}

describe('vmsctl demo --camera', { concurrent: true }, () => {
  it(
    'records real cameras, whose password it tells nobody',
    leavingNothing(async ({ dir, temporary }) => {
      const real = await realCamera()
      try {
        const archive = join(dir, 'recordings')
        const { code, out, err } = await vmsctl(
          ['demo', '--camera', urlOf(real), '--seconds', '10', '--dir', archive],
          { TMPDIR: temporary },
        )
        expect(out).toMatch(
          /^All footage that reached this machine is on disk \(\d+ frames\), except at most .* killed\.\n/,
        )
        expect(out).toMatch(/^media worker killed +camera-1 +about /m)
        expect(err).toContain('[6/6] Read back every frame\n')
        expect(code).toBe(0)
        expectSecret(dir, out, err)
      } finally {
        await real.stop()
      }
    }),
  )

  it(
    'does not take for recorded what a camera did not send of its own accord',
    leavingNothing(async ({ dir, temporary }) => {
      const real = await realCamera()
      try {
        const child = spawnVmsctl(['demo', '--camera', urlOf(real), '--seconds', '12', '--dir', join(dir, 'dropped')], {
          TMPDIR: temporary,
        })
        const failed = { out: '', err: '' }
        child.stdout!.on('data', chunk => {
          failed.out += chunk
        })
        child.stderr!.on('data', chunk => {
          const before = failed.err
          failed.err += chunk
          // More than a second behind the death of the worker, which must not explain it; and time is left for the try after
          // up to a second, for the key frame, and for some footage behind the gap.
          if (failed.err.includes('[5/6]') && !before.includes('[5/6]'))
            setTimeout(() => void real.client.fault('cam-001:drop'), 1_500)
        })
        const [exit] = await once(child, 'close')
        expect(failed.out).toMatch(
          /^A promise was not held: camera-1: .* missing at .*no fault of the demo explains it/,
        )
        expect(exit).toBe(8)
        expect(failed.out).toContain(`Logs:       ${join(dir, 'dropped', 'logs')}`)
        expect(readdirSync(join(dir, 'dropped', 'logs'))).toEqual(['daemon.log', 'workers'])
        expectSecret(dir, failed.out, failed.err)
      } finally {
        await real.stop()
      }
    }),
  )

  it(
    'says why a camera cannot be recorded, without waiting for what will not change',
    leavingNothing(async ({ dir, temporary }) => {
      const real = await spawnVirtualCameras({
        count: 1,
        sub: undefined,
        credentials: { username: 'a', password: 'b' },
      })
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
    }),
  )
})
