import { readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, it } from 'vitest'
import { sleep, systemClock } from '../../src/kernel/clock.ts'
import { spawnVirtualCameras } from '../../src/media/virtual/index.ts'
import { isRunning, readIdentity } from '../../src/process/index.ts'
import type { RepairReport, VerifyReport } from '../../src/recording/verify/index.ts'
import { hashByHand } from '../support/hash-by-hand.ts'
import { TestSite } from '../support/test-site.ts'
import { vmsctl } from '../support/vmsctl.ts'

it('archive verify and archive repair: beside a running daemon, after a crash, and after somebody changed a byte', async () => {
  await using site = new TestSite({ segment: 3 })
  const cameras = await spawnVirtualCameras({ count: 2, main: 500_000, sub: undefined, fps: 25, gop: 25 })
  site.defer(() => cameras.stop())
  site.write([site.range(cameras)])
  const env = { VMSCTL_STATE_DIR: site.stateDir, VMS_CONFIG: site.config }
  const run = (...args: string[]) => vmsctl(['archive', ...args], env)
  const json = async <T>(...args: string[]): Promise<T> => JSON.parse((await run(...args, '--json')).out) as T

  expect((await run('verify')).code).not.toBe(0)
  await site.start()
  await site.until('segments are closed', async () => site.segments('cam-002').length >= 4)

  const running = await json<VerifyReport>('verify', '--deep')
  expect(running.cameras.flatMap(({ findings }) => findings)).toEqual([])
  expect(running).toMatchObject({ ok: true, deep: true })
  expect(running.hashed).toBeGreaterThan(100_000)
  expect(running.cameras.map(({ open }) => open.length)).toEqual([1, 1])
  expect(await json<RepairReport>('repair')).toMatchObject({ repaired: 0, failed: 0 })

  const pids = [(await site.client.health()).pid, ...site.workerPids()]
  const processes = pids.map(pid => readIdentity(pid)!)
  for (const pid of pids) process.kill(pid, 'SIGKILL')
  while (processes.some(isRunning)) await sleep(systemClock, 20)
  const fresh = await json<RepairReport>('repair')
  expect(fresh.repaired).toBe(0)
  expect(fresh.outcomes.filter(({ outcome }) => outcome === 'writing')).toHaveLength(2)

  const then = Date.now() / 1_000 - 3_600
  for (const path of site.segments()) utimesSync(path, then, then)
  const crashed = await run('verify')
  expect(crashed).toMatchObject({ code: 8 })
  expect(crashed.out).toMatch(/^Findings with 2 of 2 cameras/)
  expect(crashed.out).toContain('1 left open')
  expect(crashed.out).toContain('vmsctl archive repair')

  const images = new Map(site.segments().map(path => [path, readFileSync(path)]))
  const planned = await json<RepairReport>('repair', '--dry-run')
  expect(planned.outcomes.map(({ outcome }) => outcome)).toEqual(['to-repair', 'to-repair'])
  for (const [path, image] of images) expect(readFileSync(path).equals(image)).toBe(true)
  const torn = planned.outcomes[0]!.path
  const first = await run('repair', join(site.archive, torn))
  expect(first).toMatchObject({ code: 0, out: expect.stringContaining(`${torn}: closed`) })
  expect(await json<RepairReport>('repair')).toMatchObject({ repaired: 1, failed: 0 })
  const changed = [...images].filter(([path, image]) => !readFileSync(path).equals(image)).map(([path]) => path)
  expect(changed.map(path => relative(site.archive, path))).toEqual(planned.outcomes.map(({ path }) => path))
  for (const path of images.keys()) {
    const { said, found } = hashByHand(readFileSync(path))
    expect(said).toBe(found)
  }
  const repaired = await json<VerifyReport>('verify', '--deep')
  expect(repaired.cameras.flatMap(({ findings }) => findings)).toEqual([])

  const [victim] = site.segments('cam-001')
  const bytes = readFileSync(victim!)
  bytes[bytes.length - 1]! ^= 1
  writeFileSync(victim!, bytes)
  expect((await run('verify')).code).toBe(0)
  const found = await run('verify', 'cam-001', '--deep')
  expect(found.code).toBe(8)
  expect(found.out).toContain(`${relative(site.archive, victim!)}: changed since recorded`)
  expect((await run('verify', '--deep', '--since', '2090-01-01')).code).toBe(0)

  expect(await run('verify', 'cam-01')).toMatchObject({ code: 3, err: expect.stringContaining('cam-001') })
  expect((await run('verify', '--since', 'soon')).code).toBe(2)
  expect((await run('repair', '/etc/hosts')).code).toBe(2)
}, 120_000)
