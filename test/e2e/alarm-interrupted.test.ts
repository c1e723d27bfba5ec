import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { isRunning, readIdentity } from '../../src/process/index.ts'
import { spawnVmsctl } from '../support/vmsctl.ts'

const directory = mkdtempSync(join(tmpdir(), 'vms-alarm-'))
afterAll(() => rmSync(directory, { recursive: true }))

it('alarm test that is interrupted ends the command that it ran', async () => {
  const pid = join(directory, 'pid')
  const config = join(directory, 'vms.yaml')
  const slow = JSON.stringify(['sh', '-c', `echo $$ > ${pid}; exec sleep 60`])
  writeFileSync(
    config,
    `storage: { path: ./archive }\nalarms: { deliver: [ { name: slow, command: ${slow} } ] }\ncameras: []\n`,
  )
  const child = spawnVmsctl(['alarm', 'test', '-c', config, '--quiet'])
  const exit = once(child, 'exit')
  await expect.poll(() => existsSync(pid) && readFileSync(pid, 'utf8').endsWith('\n'), { timeout: 10_000 }).toBe(true)
  const identity = readIdentity(Number(readFileSync(pid, 'utf8')))!
  expect(isRunning(identity)).toBe(true)
  child.kill('SIGINT')
  expect((await exit)[0]).toBe(130)
  await expect.poll(() => isRunning(identity)).toBe(false)
})
