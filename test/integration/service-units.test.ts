import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasProgram } from '../support/programs.ts'
import { vmsctl } from '../support/vmsctl.ts'

let dir: string
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'vmsctl-units-'))
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const analyze = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync('systemd-analyze', args, {
    encoding: 'utf8',
    env: { ...process.env, XDG_RUNTIME_DIR: dir },
  })
  return { status, text: `${stdout}${stderr}` }
}

async function printed(...args: string[]): Promise<string> {
  const config = join(dir, 'vms.yaml')
  const password = 'password: { systemd: hik }'
  writeFileSync(
    config,
    `storage: { path: ./archive }\ncredentials: { hik: { username: admin, ${password} } }\ncameras:\n  - { id: a, main: "rtsp://h/1", credentials: hik }\n`,
  )
  const { code, out } = await vmsctl(['service', 'print', ...args, '--config', config])
  expect(code).toBe(0)
  const file = join(dir, 'vmsctl.service')
  writeFileSync(file, out)
  return file
}

describe.skipIf(!hasProgram('systemd-analyze', ['--version']))('the units, judged by systemd itself', () => {
  it('are without fault: systemd-analyze verify', async () => {
    expect(analyze('verify', await printed())).toEqual({ status: 0, text: '' })
    expect(analyze('--user', 'verify', await printed('--user'))).toEqual({ status: 0, text: '' })
  })

  it('expose little: systemd-analyze security gives at most 3.0', async () => {
    const { status, text } = analyze('security', '--offline=true', '--threshold=30', await printed())
    expect([status, text]).toEqual([0, expect.stringMatching(/Overall exposure level for vmsctl\.service: [0-2]\.\d/)])
  })
})
