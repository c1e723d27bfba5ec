import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CameraReport, SiteStatus } from '../../src/daemon/index.ts'
import { sleep, systemClock } from '../../src/kernel/clock.ts'
import { spawnVirtualCameras, type VirtualCamerasProcess } from '../../src/media/virtual/index.ts'
import { TestSite } from '../support/test-site.ts'
import { vmsctl } from '../support/vmsctl.ts'

/** One password for each way to give one; all cameras of a simulator share one, so there are three simulators. */
const SECRETS = { file: 'f1le-s&cret', env: 'env-s&cret', url: 'url-s3cret' }
type Way = keyof typeof SECRETS

const site = new TestSite({ segment: 3 })
const simulators = new Map<Way, VirtualCamerasProcess>()
const env = { VMSCTL_STATE_DIR: site.stateDir, VMS_CONFIG: site.config, CAMERA_PASSWORD: SECRETS.env }
/** All that the commands have said. */
const said: string[] = []

async function run(...args: string[]) {
  const result = await vmsctl(args, env)
  said.push(result.out, result.err)
  return result
}
const status = async () => JSON.parse((await run('status', '--json')).out) as SiteStatus

function write(changes: { without?: string; more?: readonly string[]; main?: string } = {}): void {
  const url = (way: Way) => `${simulators.get(way)!.url}/cam-001`
  const entries = [
    ['by-file', `main: "${url('file')}/main", credentials: file`],
    ['by-env', `main: "${url('env')}/${changes.main ?? 'main'}", credentials: env`],
    ['by-url', `main: "${url('url').replace('://', `://admin:${SECRETS.url}@`)}/main"`],
  ]
  site.write(
    [
      ...entries.filter(([id]) => id !== changes.without).map(([id, rest]) => `{ id: ${id}, ${rest} }`),
      ...(changes.more ?? []),
    ],
    [
      'credentials:',
      `  file: { username: admin, password: { file: ${join(site.dir, 'secret')} } }`,
      '  env: { username: admin, password: { env: CAMERA_PASSWORD } }',
    ],
  )
}

beforeAll(async () => {
  for (const way of ['file', 'env', 'url'] as const) {
    const credentials = { username: 'admin', password: SECRETS[way] }
    const cameras = await spawnVirtualCameras({ count: 1, main: 500_000, sub: 200_000, gop: 25, credentials })
    simulators.set(way, cameras)
    site.defer(() => cameras.stop())
  }
  writeFileSync(join(site.dir, 'secret'), `${SECRETS.file}\n`, { mode: 0o600 })
  write()
  // A password in a URL works, with a word on what is better.
  expect((await run('config', 'check')).err + said.at(-2)).toMatch(/vms\.yaml:\d+:\d+: .*password/)
  expect((await run('daemon', 'start')).code).toBe(0)
  await site.recording()
})

afterAll(() => site[Symbol.asyncDispose]())

const camera = ({ cameras }: SiteStatus, id: string): CameraReport => cameras.find(each => each.id === id)!

it('what record stop and start say holds over a new daemon, and status exits with 0 while all wanted is recorded', async () => {
  expect((await run('status')).code).toBe(0)
  expect((await run('record', 'stop', 'by-url')).code).toBe(0)
  const workers = site.workerPids()
  await site.killDaemon()
  expect((await run('status')).code).toBe(5)
  expect((await run('daemon', 'start')).code).toBe(0)
  const after = await status()
  expect(camera(after, 'by-url')).toMatchObject({
    health: 'off',
    wish: { record: false },
    recording: { active: false },
  })
  expect(camera(after, 'by-file')).toMatchObject({ health: 'ok', main: { reconnects: 0 } })
  expect(site.workerPids()).toEqual(workers)
  expect((await run('status')).code).toBe(0)
  expect((await run('record', 'start', 'by-url')).code).toBe(0)
  await site.recording()
})

it('a reload adds, removes and changes cameras; those that stay lose no frame', async () => {
  const from = Date.now()
  await site.written(from)
  const workers = site.workerPids()
  const before = await status()
  const added = `{ id: added, main: "${simulators.get('file')!.url}/cam-001/sub", credentials: file }`
  write({ more: [added], main: 'sub' })
  expect((await run('daemon', 'reload')).out).toMatch(/1 added, 1 changed/)
  await site.recording()
  await site.until('the changed camera sends its other stream', async () => {
    const report = await site.camera('by-env')
    return report.main?.state === 'playing' && report.main.width !== camera(before, 'by-env').main?.width
  })
  write({ more: [], main: 'sub', without: 'by-url' })
  expect((await run('daemon', 'reload')).out).toMatch(/2 removed/)
  await sleep(systemClock, 500)
  const after = await status()
  expect(after.cameras.map(({ id }) => id)).toEqual(['by-file', 'by-env'])
  expect(site.workerPids()).toEqual(workers)
  expect(camera(after, 'by-file').main).toMatchObject({ reconnects: 0, packetsLost: 0 })
  const to = Date.now()
  await site.written(to)
  const { streams } = await site.verify(simulators.get('file')!, { from, to })
  const main = streams.find(stream => stream.stream === 'main')
  expect(main).toMatchObject({ missing: 0, doubled: 0, gaps: [] })
  expect(main!.frames).toBeGreaterThan(20)
})

it('a camera that is gone is an alarm: exit code 8, and its name', async () => {
  await simulators.get('file')!.stop()
  await site.until('the alarm', async () => (await run('status')).code === 8)
  const { out } = await run('status', '--quiet')
  expect(out).toMatch(/by-file +down +/)
  expect(out).toMatch(/refuse/)
})

it('no password stands in a command line, a log, a state file, or anything that a command says', async () => {
  for (const args of [
    ['logs'],
    ['logs', '--json'],
    ['config', 'show'],
    ['config', 'check'],
    ['camera', 'list'],
    ['camera', 'list', '--json'],
    ['status', '--json'],
    ['daemon', 'status', '--json'],
  ]) {
    await run(...args)
  }
  expect(said.join('').length).toBeGreaterThan(2_000)
  const lines = globSync('/proc/[0-9]*/cmdline').map(path => {
    try {
      return readFileSync(path, 'utf8')
    } catch {
      return ''
    }
  })
  for (const secret of Object.values(SECRETS)) {
    expect(said.filter(text => text.includes(secret))).toEqual([])
    expect(lines.filter(line => line.includes(secret))).toEqual([])
    for (const path of site.stateFiles()) expect([path, readFileSync(path).includes(secret)]).toEqual([path, false])
  }
})
