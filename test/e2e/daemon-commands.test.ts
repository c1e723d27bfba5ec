import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DaemonClient, type LogLine, type SiteStatus } from '../../src/daemon/index.ts'
import { sleep, systemClock } from '../../src/kernel/clock.ts'
import { spawnVirtualCameras, type VirtualCamerasProcess } from '../../src/media/virtual/index.ts'
import { terminate } from '../../src/process/index.ts'
import { findWorkers } from '../../src/supervision/index.ts'
import { type ProgramResult, spawnVmsctl, vmsctl } from '../support/vmsctl.ts'

let dir: string
let state: string
let config: string
let cameras: VirtualCamerasProcess
let env: NodeJS.ProcessEnv
let client: DaemonClient

const run = (...args: string[]): Promise<ProgramResult> => vmsctl(args, env)
const json = async <T>(...args: string[]): Promise<T> => JSON.parse((await run(...args, '--json')).out) as T

function writeConfig(count: number, more: readonly string[] = []): void {
  const url = `${cameras.url}/cam-{nnn}`
  writeFileSync(
    config,
    [
      'site: { name: e2e }',
      'storage: { path: ./archive, segment: 5s }',
      'gateway: { listen: 127.0.0.1:0 }',
      'viewing: { listen: 127.0.0.1:0 }',
      'mediamtx: { run: never }',
      'cameras:',
      `  - { range: "cam-{001..00${count}}", main: "${url}/main", sub: "${url}/sub", group: yard }`,
      ...more,
    ].join('\n'),
  )
}

async function until(condition: () => Promise<boolean>, what: string, seconds = 20): Promise<void> {
  for (let i = 0; i < seconds * 4; i++) {
    if (await condition()) return
    await sleep(systemClock, 250)
  }
  throw new Error(`in ${seconds} s: ${what} did not happen`)
}

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'vms-e2e-'))
  state = join(dir, 'state')
  config = join(dir, 'vms.yaml')
  env = { VMSCTL_STATE_DIR: state, VMS_CONFIG: config }
  client = new DaemonClient(state)
  cameras = await spawnVirtualCameras({ count: 3, main: 500_000, sub: 200_000 })
  writeConfig(2)
})

afterAll(async () => {
  await run('daemon', 'stop', '--recorders')
  await Promise.all(findWorkers(state).map(worker => terminate(systemClock, worker)))
  await cameras.stop()
  rmSync(dir, { recursive: true, force: true })
})

describe('the daemon and its commands', () => {
  it('without a daemon every command says so, and how to start it', async () => {
    const { code, out, err } = await run('status')
    expect([code, out]).toEqual([5, ''])
    expect(err).toMatch(/no daemon runs here .*\n {2}-> Start it with `vmsctl daemon start`\./)
    for (const args of [
      ['record', 'start', '--all'],
      ['daemon', 'stop'],
      ['daemon', 'reload'],
    ]) {
      const other = await run(...args, '--json')
      expect([args, other.code, JSON.parse(other.out).error.code]).toEqual([args, 5, 'VMS_E_DAEMON_NOT_RUNNING'])
    }
    const logs = await run('logs', 'cam-01')
    expect([logs.code, logs.out]).toEqual([0, ''])
    expect(logs.err).toContain(`no log lines of camera cam-01 below ${state}`)
  })

  it('faults of the configuration are told before anything is started', async () => {
    writeConfig(2, ['  - { idd: x }'])
    const { code, err } = await run('daemon', 'start')
    expect(code).toBe(2)
    expect(err).toMatch(/vms\.yaml:\d+:7: .*"idd"/)
    expect(existsSync(join(state, 'daemon.log'))).toBe(false)
    writeConfig(2)
  })

  it('starts, records, and is alone', async () => {
    const { code, out, err } = await run('daemon', 'start')
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/^The daemon runs \(pid \d+\)\.\n$/)
    await until(async () => (await client.status()).summary.ok === 2, 'both cameras record')
    const second = await run('daemon', 'start')
    expect(second.code).toBe(4)
    const status = await run('status')
    expect(status.code).toBe(0)
    expect(status.out).toMatch(/^2 of 2 cameras are recording as they should\./)
    expect(status.out).toMatch(/cam-001 +ok +H\.264 /)
    expect(status.out).not.toContain('\x1b')
    const { daemon, workers } = await json<SiteStatus>('daemon', 'status')
    expect(workers).toMatchObject([{ slot: 0, trouble: null, cameras: 2 }])
    expect(readFileSync(`/proc/${workers[0]!.pid}/cmdline`, 'utf8')).not.toContain('rtsp')
    expect(readFileSync(`/proc/${daemon.pid}/cmdline`, 'utf8')).toContain('--state-dir')
  })

  it('a foreground daemon on the same state gives way, and says why', async () => {
    const { code, err } = await run('daemon', 'run')
    expect(code).toBe(4)
    // Once, as a sentence: a person typed it.
    expect(err.match(/already runs on this state directory/g)).toHaveLength(1)
    expect(err).toMatch(/^vmsctl: /)
  })

  it('a watch ends with whoever reads it', async () => {
    const child = spawnVmsctl(['status', '--watch', '--interval', '1'], env)
    const ended = new Promise<number | null>(resolve => child.once('exit', resolve))
    await new Promise(resolve => child.stdout!.once('data', resolve))
    child.stdout!.destroy()
    const limit = sleep(systemClock, 5_000).then(() => 'still running')
    expect(await Promise.race([ended, limit])).toBe(0)
  })

  it('record stop and start name cameras in three ways, and help with typing errors', async () => {
    expect((await run('record', 'stop', 'cam-01')).err).toContain('Did you mean "cam-001"?')
    expect((await run('record', 'stop', 'cam-01')).code).toBe(3)
    expect((await run('record', 'stop')).code).toBe(2)
    expect((await run('record', 'stop', 'cam-001')).out).toBe('No longer recording cam-001.\n')
    expect((await run('record', 'stop', 'cam-001')).out).toBe('cam-001 is already switched off.\n')
    expect((await run('status')).out).toMatch(/^1 of 1 camera is recording as it should, 1 is switched off\./)
    expect((await run('record', 'status', 'cam-001')).out).toMatch(/cam-001 +off /)
    expect(await json('record', 'start', '--group', 'yard')).toMatchObject({ changed: ['cam-001'] })
    // Short flags in one word are heard as well.
    expect(await run('record', 'stop', '-qa')).toMatchObject({ code: 0, out: '' })
    expect(await run('record', 'start', '-qa')).toMatchObject({ code: 0, out: '' })
    await until(async () => (await client.status()).summary.ok === 2, 'both cameras record again')
  })

  it('a reload touches only what changed; one with faults changes nothing', async () => {
    const before = await client.status()
    writeConfig(3)
    expect((await run('daemon', 'reload')).out).toBe('Reloaded: 1 added.\n')
    expect((await run('daemon', 'reload')).out).toBe('Nothing has changed.\n')
    await until(async () => (await client.status()).summary.ok === 3, 'the third camera records')
    const after = await client.status()
    expect(after.workers[0]?.pid).toBe(before.workers[0]?.pid)
    expect(after.cameras[0]?.main?.reconnects).toBe(before.cameras[0]?.main?.reconnects)
    writeConfig(3, ['  - { id: on }'])
    expect((await run('daemon', 'reload')).code).toBe(2)
    expect((await run('status')).out).toContain('was not taken')
    writeConfig(3)
    await run('daemon', 'reload')
  })

  it('a camera follows its schedule, then a person, then its schedule again', async () => {
    // Twelve hours from now, by the clocks of a zone that is not the machine's.
    const hour = String((new Date(systemClock.wall()).getUTCHours() + 5 + 12) % 24).padStart(2, '0')
    const schedule = `["* ${hour} * * *"]`
    writeConfig(3, [`  - { id: night, main: "${cameras.url}/cam-001/sub", record: { schedule: ${schedule} } }`])
    writeFileSync(config, readFileSync(config, 'utf8').replace('name: e2e', 'name: e2e, timezone: Asia/Karachi'))
    expect((await run('daemon', 'reload')).code).toBe(0)
    await until(async () => (await client.status()).summary.ok === 3, 'the others record')
    const night = async () => (await run('record', 'status', 'night')).out
    expect(await night()).toMatch(new RegExp(`^night +off +schedule, from ${hour}:00 +-`, 'm'))
    const { code, out } = await run('status', '--all')
    expect(code).toBe(0)
    expect(out).toMatch(/^3 of 3 cameras are recording as they should, 1 is outside of its schedule\. /)
    expect(out).toMatch(new RegExp(`^night +off .*outside of its schedule until ${hour}:00`, 'm'))

    expect((await run('record', 'start', 'night')).out).toBe('Recording night.\n')
    await until(async () => (await client.status()).summary.ok === 4, 'the camera records')
    expect(await night()).toMatch(/^night +on +\S+, since .* recording /m)
    expect((await run('record', 'auto', 'night', 'cam-003')).out).toBe(
      'night follows the configuration again (1 did already).\n',
    )
    const recorded = async () => (await client.status({ cameras: ['night'] })).cameras[0]!
    await until(async () => (await recorded()).recording?.active === false, 'its recording ends')
    // But for the way to its first key frame nothing is missing: the rest of the day nobody wanted.
    expect(Object.keys((await recorded()).lost).filter(reason => reason !== 'starting')).toEqual([])
    writeConfig(3)
    await run('daemon', 'reload')
  })

  it('the daemon ends, recorders go on, and the next takes them over', async () => {
    const { workers } = await json<SiteStatus>('daemon', 'status')
    const stopped = await run('daemon', 'stop')
    expect(stopped.code).toBe(0)
    expect(stopped.out).toMatch(/1 media worker goes on recording/)
    expect(findWorkers(state).map(worker => worker.pid)).toEqual(workers.map(worker => worker.pid))

    // The next one in the foreground, as systemd would run it.
    const child = spawnVmsctl(['daemon', 'run'], env)
    const ended = new Promise<number | null>(resolve => child.once('exit', resolve))
    await until(async () => (await client.health().catch(() => undefined))?.ready ?? false, 'the new daemon answers')
    const next = await json<SiteStatus>('daemon', 'status')
    expect(next.daemon.pid).toBe(child.pid)
    expect(next.workers[0]).toMatchObject({ pid: workers[0]!.pid, adopted: true })
    // HUP reads the configuration again.
    for (const count of [2, 3]) {
      writeConfig(count)
      child.kill('SIGHUP')
      await until(async () => (await client.status()).cameras.length === count, `it has ${count} cameras`)
    }
    expect((await json<LogLine[]>('logs')).length).toBeGreaterThan(0)
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
    expect(findWorkers(state)).toHaveLength(1)
  })

  it('exits with 8 when a camera that should be recorded is not, quietly or not', async () => {
    await run('daemon', 'start')
    await until(async () => (await client.status()).summary.ok === 3, 'all record')
    expect((await run('status', '--quiet')).out).toBe('')
    await cameras.client.fault('cam-002:refuse')
    await cameras.client.fault('cam-002:drop')
    await until(async () => (await client.status()).summary.bad === 1, 'the alarm', 30)
    expect((await run('status', '--quiet')).code).toBe(8)
    const { out } = await run('status', '--quiet')
    expect(out).toMatch(/^2 of 3 cameras are recording as they should\./)
    expect(out).toMatch(/cam-002 +down +/)
    expect((await run('status', 'cam-001')).code).toBe(0)
    expect((await run('record', 'status')).code).toBe(8)
    await cameras.client.clear('*')
    // After some refusals it rests up to a minute, at random, and says how long.
    const rest = (await client.status({ cameras: ['cam-002'] })).cameras[0]!.main?.retryIn ?? 0
    await until(async () => (await client.status()).summary.ok === 3, 'the end of the alarm', rest / 1_000 + 15)
    const { cameras: reports } = await json<SiteStatus>('status', 'cam-002')
    expect(Object.values(reports[0]!.lost).reduce((sum, seconds) => sum + seconds, 0)).toBeGreaterThan(5)
  })

  it('logs tell of one camera', async () => {
    const lines = await json<LogLine[]>('logs', 'cam-002')
    expect(lines.length).toBeGreaterThan(0)
    expect(new Set(lines.map(line => line.camera))).toEqual(new Set(['cam-002']))
    expect((await run('logs', '-n', '5')).out.trimEnd().split('\n')).toHaveLength(5)
    const following = spawnVmsctl(['logs', '--json', '-fn', '2'], env)
    let out = ''
    following.stdout!.on('data', chunk => {
      out += String(chunk)
    })
    await until(async () => out.split('\n').length === 3, 'two lines and an end of line')
    following.kill('SIGINT')
    await new Promise(resolve => following.once('close', resolve))
    // A JSON text a line, and no array of them at the end.
    for (const line of out.trimEnd().split('\n')) expect(JSON.parse(line)).toHaveProperty('message')
  })

  it('ends everything in order, also when the daemon is already dead', async () => {
    const { daemon } = await json<SiteStatus>('daemon', 'status')
    process.kill(daemon.pid, 'SIGKILL')
    await sleep(systemClock, 200)
    const { code, out } = await run('daemon', 'stop', '--recorders')
    expect([code, out]).toEqual([0, 'No daemon ran. 1 media worker ended in order.\n'])
    expect(findWorkers(state)).toEqual([])
  })
})
