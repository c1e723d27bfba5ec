import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { statePaths } from '../../src/config/state-paths.ts'
import { DaemonClient, type RunningDaemon, runDaemon } from '../../src/daemon/index.ts'
import { requestOverSocket } from '../../src/daemon/socket-http.ts'
import { openDatabase } from '../../src/database/open.ts'
import { type Clock, sleep, systemClock, type Timer } from '../../src/kernel/clock.ts'
import { silentLogger } from '../../src/kernel/log.ts'
import { terminate } from '../../src/process/index.ts'
import { STATE_SCHEMA } from '../../src/state/state-schema.ts'
import { StateStore } from '../../src/state/state-store.ts'
import { findWorkers, type ServiceNotifier } from '../../src/supervision/index.ts'

// A whole daemon in this process: real database, socket and worker processes; only the media is missing.
const workerProgram = fileURLToPath(new URL('../support/fake-worker.ts', import.meta.url))
const match = /fake-worker\.ts$/
let dir: string
let config: string
let client: DaemonClient
const running: RunningDaemon[] = []

const cameras = (...lines: string[]) =>
  writeFileSync(
    config,
    [
      'site: { name: test }',
      'storage: { path: ./archive }',
      'mediamtx: { run: never }',
      'cameras:',
      ...lines.map(line => `  - { ${line} }`),
    ].join('\n'),
  )
const rtsp = 'main: "rtsp://127.0.0.1:9/x"'

async function run(over: object = {}): Promise<RunningDaemon> {
  const daemon = await runDaemon({ config, stateDir: dir, log: silentLogger, workerProgram, ...over })
  running.push(daemon)
  return daemon
}

async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (await condition()) return
    await sleep(systemClock, 20)
  }
  throw new Error(`in 10 s: ${what} did not happen`)
}

const ready = () => until(async () => (await client.health()).ready, 'daemon is ready')

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vms-daemon-'))
  writeFileSync(join(dir, 'alive'), '')
  config = join(dir, 'vms.yaml')
  client = new DaemonClient(dir)
  cameras(`id: gate-1, ${rtsp}, group: outside`, `id: gate-2, ${rtsp}, group: outside`, `id: hall-1, ${rtsp}`)
})

it('says what is in the way of its socket', async () => {
  mkdirSync(join(dir, 'vmsctl.sock'))
  await expect(run()).rejects.toMatchObject({
    code: 'VMS_E_STATE_DIRECTORY',
    message: expect.stringContaining('in the way'),
  })
})

afterEach(async () => {
  for (const daemon of running.splice(0)) {
    daemon.stop(false)
    await daemon.ended
  }
  await Promise.all(findWorkers(dir, match).map(worker => terminate(systemClock, worker)))
  rmSync(dir, { recursive: true, force: true })
})

describe('daemon', () => {
  it('reports every camera over a socket that only owner and group may use', async () => {
    const { socket } = await run()
    await ready()
    expect(statSync(socket).mode & 0o777).toBe(0o660)
    const status = await client.status()
    expect(status.summary).toMatchObject({ cameras: 3, wanted: 3, ok: 3, bad: 0 })
    expect(status.cameras.map(({ id, health }) => [id, health])).toEqual([
      ['gate-1', 'ok'],
      ['gate-2', 'ok'],
      ['hall-1', 'ok'],
    ])
    const short = await client.status({ attention: 1 })
    expect(short.cameras).toHaveLength(1)
    expect(short).toMatchObject({ omitted: 2, summary: { ok: 3 } })
    expect((await client.status({ cameras: ['hall-1'] })).cameras.map(({ id }) => id)).toEqual(['hall-1'])
  })

  it('tells a worker how much of its journal is in the index, once it has grown', async () => {
    const gap = { type: 'gap', camera: 'gate-1', reason: 'refused' }
    const lines = Array.from({ length: 20_000 }, (_, at) => ({ ...gap, start: at * 100, end: at * 100 + 60 }))
    const text = [{ type: 'journal', version: 1, base: 5_000_000 }, ...lines].map(line => JSON.stringify(line))
    mkdirSync(join(dir, 'workers'), { recursive: true })
    writeFileSync(join(dir, 'workers', '0.journal'), `${text.join('\n')}\n`)
    const { size } = statSync(join(dir, 'workers', '0.journal'))
    await run()
    const told = join(dir, 'acknowledged')
    await until(async () => existsSync(told) && readFileSync(told, 'utf8') !== '', 'the worker is told')
    expect(readFileSync(told, 'utf8')).toBe(String(5_000_000 + size))
  })

  it('keeps what was asked for over restarts', async () => {
    const first = await run()
    await ready()
    expect(await client.record('stop', { group: 'outside', by: 'anna' })).toMatchObject({
      changed: ['gate-1', 'gate-2'],
    })
    expect(await client.record('stop', { cameras: ['gate-1'] })).toEqual({
      record: false,
      cameras: ['gate-1'],
      changed: [],
    })
    const pids = findWorkers(dir, match).map(worker => worker.pid)
    first.stop(false)
    await first.ended
    await expect(client.status()).rejects.toMatchObject({ code: 'VMS_E_DAEMON_NOT_RUNNING', exitCode: 5 })
    await run()
    await ready()
    expect(findWorkers(dir, match).map(worker => worker.pid)).toEqual(pids)
    const { cameras, summary } = await client.status()
    expect(cameras.map(({ health, wish }) => [health, wish.by])).toEqual([
      ['off', 'anna'],
      ['off', 'anna'],
      ['ok', 'configuration'],
    ])
    expect(summary).toMatchObject({ wanted: 1, off: 2 })
    await client.record('start', { all: true })
    expect((await client.status()).summary.wanted).toBe(3)
  })

  it('is alone on its state directory', async () => {
    await run()
    await expect(run()).rejects.toMatchObject({ code: 'VMS_E_DAEMON_RUNNING', exitCode: 4 })
    // The first is none the worse.
    expect((await client.health()).pid).toBe(process.pid)
  })

  it('takes a changed configuration, and keeps the old one when the new has faults', async () => {
    const daemon = await run()
    await ready()
    cameras(`id: gate-1, ${rtsp}`, `id: yard, ${rtsp}`)
    expect(await client.reload()).toMatchObject({ added: ['yard'], removed: ['gate-2', 'hall-1'], changed: ['gate-1'] })
    writeFileSync(config, 'cameras: [ { idd: x } ]')
    await expect(client.reload()).rejects.toMatchObject({ code: 'VMS_E_CONFIG_INVALID' })
    const status = await client.status()
    expect(status.cameras.map(({ id }) => id)).toEqual(['gate-1', 'yard'])
    // One line, and a path that can be opened from anywhere.
    expect(status.daemon.configTrouble).toMatch(/^\/.*vms\.yaml:1:\d+: .* \(and \d more: vmsctl config check\)$/)
    cameras(`id: yard, ${rtsp}`)
    await daemon.reload()
    expect((await client.status()).daemon.configTrouble).toBeNull()
  })

  it('a camera whose password is missing is reported; the others record', async () => {
    cameras(`id: a, ${rtsp}, credentials: late`, `id: b, ${rtsp}`)
    appendFileSync(config, '\ncredentials: { late: { username: u, password: { file: ./secret } } }\n')
    await run()
    await ready()
    const status = await client.status()
    expect(status.cameras.map(({ id, health }) => [id, health])).toEqual([
      ['a', 'bad'],
      ['b', 'ok'],
    ])
    expect(status.cameras[0]?.reason).toMatch(/secret.* does not exist/)
    expect(status.notes).toHaveLength(1)
    writeFileSync(join(dir, 'secret'), 'pw\n', { mode: 0o600 })
    await until(async () => (await client.status()).cameras[0]?.health === 'ok', 'the password is found')
  })

  it('makes no storage anew where a disk should be mounted', async () => {
    const first = await run()
    await ready()
    first.stop(true)
    await first.ended
    expect(findWorkers(dir, match)).toEqual([])
    rmSync(join(dir, 'archive'), { recursive: true })
    await run()
    const { cameras, notes } = await client.status()
    expect(cameras.every(({ health, reason }) => health === 'bad' && /marker/.test(reason ?? ''))).toBe(true)
    expect(notes[0]).toMatch(/is the disk mounted\?/)
  })

  it('stops on request, and leaves no socket', async () => {
    const daemon = await run()
    await ready()
    expect(await client.stop(true)).toEqual({ pid: process.pid })
    await daemon.ended
    expect(findWorkers(dir, match)).toEqual([])
    expect(() => statSync(daemon.socket)).toThrow(/ENOENT/)
  })

  it('tells systemd how it is', async () => {
    const said: string[] = []
    const say = (what: string) => async () => void said.push(what)
    const notify: ServiceNotifier = {
      watchdog: 100,
      ready: say('ready'),
      status: say('status'),
      reloading: say('reloading'),
      stopping: say('stopping'),
      alive: say('alive'),
    }
    const daemon = await run({ notify })
    await until(async () => said.includes('alive'), 'a sign of life')
    await daemon.reload()
    daemon.stop(true)
    await daemon.ended
    expect(said.filter(what => what !== 'alive')).toEqual(['ready', 'reloading', 'ready', 'stopping'])
  })
})

describe('schedules', () => {
  const HOUR = 3_600_000
  const DAY = 24 * HOUR
  const evening = Date.parse('2026-11-24T19:00:00Z')
  const morning = evening + 12 * HOUR

  /** The clock of this machine, shown otherwise; what is more than a minute away waits for the test. */
  class SetClock implements Clock {
    readonly far = new Set<{ readonly delay: number; readonly run: () => void }>()
    readonly monotonic = systemClock.monotonic
    readonly every = systemClock.every
    #offset = 0

    constructor(wall: number) {
      this.set(wall)
    }
    set(wall: number): void {
      this.#offset = wall - systemClock.wall()
    }
    wall(): number {
      return systemClock.wall() + this.#offset
    }
    after(delay: number, run: () => void): Timer {
      if (delay < 60_000) return systemClock.after(delay, run)
      const call = { delay, run }
      this.far.add(call)
      const self: Timer = { cancel: () => void this.far.delete(call), unref: () => self }
      return self
    }
  }

  const scheduled = () => {
    cameras(
      `id: till, ${rtsp}, record: { schedule: "* 7-18 * * *" }`,
      `id: gate, ${rtsp}`,
      `id: never, ${rtsp}, record: never`,
    )
    writeFileSync(config, readFileSync(config, 'utf8').replace('name: test', 'name: test, timezone: UTC'))
  }
  const till = async () => (await client.status({ cameras: ['till'] })).cameras[0]!
  const told = (record: boolean) =>
    until(
      async () => (await till()).recording?.wanted === record,
      `its worker is told ${record ? 'to' : 'not to'} record`,
    )

  it('are followed to the millisecond, and a person goes before them until told otherwise', async () => {
    scheduled()
    const clock = new SetClock(evening - HOUR / 2)
    const daemon = await run({ clock })
    await ready()
    await told(true)
    expect((await till()).wish).toEqual({ record: true, by: 'schedule', at: null, until: evening })
    const [wait] = clock.far
    expect(clock.far.size).toBe(1)
    expect(wait?.delay).toBeGreaterThan(HOUR / 2 - 30_000)
    expect(wait?.delay).toBeLessThanOrEqual(HOUR / 2)

    clock.set(evening)
    wait?.run()
    await told(false)
    const { cameras, summary, timezone } = await client.status()
    expect(timezone).toBe('UTC')
    expect(summary).toMatchObject({ cameras: 3, wanted: 1, off: 2, outsideSchedule: 1 })
    expect(cameras.map(({ id, health, reason }) => [id, health, reason]).filter(([id]) => id !== 'gate')).toEqual([
      ['till', 'off', 'outside of its schedule until 07:00'],
      ['never', 'off', null],
    ])
    expect(cameras[0]).toMatchObject({ wish: { record: false, by: 'schedule', until: morning }, lost: {} })

    expect(await client.record('start', { cameras: ['till'], by: 'schedule' })).toMatchObject({ changed: ['till'] })
    await told(true)
    expect((await till()).wish).toMatchObject({ record: true, by: 'user schedule', until: null })
    expect(await client.record('start', { cameras: ['till', 'gate'], by: 'ben' })).toMatchObject({ changed: [] })
    expect(await client.record('auto', { all: true, by: 'ben' })).toEqual({
      record: null,
      cameras: ['till', 'gate', 'never'],
      changed: ['till'],
    })
    await told(false)
    expect(await client.record('auto', { cameras: ['till'] })).toMatchObject({ changed: [] })

    // The clock is set: nobody's timer runs, and the daemon sees it all the same.
    clock.set(morning + HOUR)
    await told(true)
    daemon.stop(false)
    await daemon.ended
    expect(clock.far.size).toBe(0)

    // A night without a daemon.
    clock.set(morning + DAY + HOUR)
    const next = await run({ clock })
    await ready()
    next.stop(false)
    await next.ended
    const database = openDatabase(statePaths(dir).database, STATE_SCHEMA)
    const history = new StateStore(database).wishHistoryOf('till', Number.MAX_SAFE_INTEGER)
    database.close()
    expect(history.map(({ record, by }) => `${record ? 'on' : 'off'} ${by}`)).toEqual([
      'on schedule',
      'off schedule',
      'on user schedule',
      'off schedule',
      'on schedule',
      'off schedule',
      'on schedule',
    ])
    // A change of the schedule is entered for its own instant, whenever the daemon saw it.
    expect([1, 4, 5, 6].map(index => history[index]?.at)).toEqual([evening, morning, evening + DAY, morning + DAY])
  })

  it('changed by a reload hold at once', async () => {
    scheduled()
    const clock = new SetClock(evening - HOUR)
    await run({ clock })
    await ready()
    await told(true)
    writeFileSync(config, readFileSync(config, 'utf8').replace('7-18', '7-12'))
    expect(await client.reload()).toMatchObject({ changed: ['till'] })
    await told(false)
    writeFileSync(config, readFileSync(config, 'utf8').replace('7-12', '7-25'))
    await expect(client.reload()).rejects.toMatchObject({ message: expect.stringContaining('"7-25" is no hour') })
    expect((await till()).wish).toMatchObject({ record: false, by: 'schedule' })
  })
})

describe('API', () => {
  it('describes itself', async () => {
    const { socket } = await run()
    const { body } = await requestOverSocket(socket, 'GET', '/openapi.json', '', 5_000)
    const document = JSON.parse(body) as { openapi: string; paths: Record<string, object> }
    expect(document.openapi).toBe('3.1.0')
    expect(Object.keys(document.paths).sort()).toEqual([
      '/v1/archive/coverage',
      '/v1/archive/{camera}/playback',
      '/v1/archive/{camera}/segments',
      '/v1/health',
      '/v1/logs',
      '/v1/record/auto',
      '/v1/record/start',
      '/v1/record/stop',
      '/v1/reload',
      '/v1/status',
      '/v1/stop',
      '/v1/streams',
      '/v1/streams/{camera}',
      '/v1/streams/{camera}/keep',
      '/v1/streams/{camera}/start',
      '/v1/streams/{camera}/stop',
      '/v1/viewers',
      '/v1/viewers/connect',
      '/v1/viewers/history',
      '/v1/viewers/{id}',
    ])
  })

  it('refuses what makes no sense, with a stable code', async () => {
    const { socket } = await run()
    const ask = async (method: string, path: string, body = '') => {
      const answer = await requestOverSocket(socket, method, path, body, 5_000)
      return [answer.status, (JSON.parse(answer.body) as { error: { code: string } }).error.code]
    }
    expect(await ask('GET', '/v2/x')).toEqual([404, 'VMS_E_USAGE'])
    expect(await ask('POST', '/v1/record/start', '{')).toEqual([400, 'VMS_E_USAGE'])
    expect(await ask('POST', '/v1/record/start', '{"cameras":"gate-1"}')).toEqual([400, 'VMS_E_USAGE'])
    expect(await ask('POST', '/v1/record/start', '{"camera":["gate-1"]}')).toEqual([400, 'VMS_E_USAGE'])
    expect(await ask('POST', '/v1/record/start', '{}')).toEqual([400, 'VMS_E_USAGE'])
    expect(await ask('POST', '/v1/record/start', '{"cameras":["nope"]}')).toEqual([404, 'VMS_E_CAMERA_NOT_FOUND'])
    expect(await ask('GET', '/v1/status?attention=x')).toEqual([400, 'VMS_E_USAGE'])
    expect(await ask('GET', '/v1/logs?lines=0')).toEqual([400, 'VMS_E_USAGE'])
    expect(await ask('POST', '/v1/stop', JSON.stringify({ recorders: true, x: 1 }))).toEqual([400, 'VMS_E_USAGE'])
  })

  it('reads no endless request', async () => {
    const { socket } = await run()
    const answer = await new Promise<string>(resolve => {
      let text = ''
      const raw = connect(socket, () =>
        raw.write(
          'POST /v1/record/start HTTP/1.0\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9000000\r\n\r\n{',
        ),
      )
      raw.on('data', chunk => {
        text += chunk.toString()
      })
      raw.on('close', () => resolve(text))
    })
    expect(answer).toMatch(/larger than 8388608 bytes/)
  })

  it('survives who does not speak HTTP', async () => {
    const { socket } = await run()
    await new Promise<void>(resolve => {
      const raw = connect(socket, () => raw.write(Buffer.from(Array.from({ length: 5_000 }, (_, i) => (i * 7) % 256))))
      raw.on('close', () => resolve())
      raw.on('error', () => {})
      raw.resume()
    })
    expect((await client.health()).pid).toBe(process.pid)
  })
})
