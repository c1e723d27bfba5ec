import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Clock, sleep, systemClock } from '../../src/kernel/clock.ts'
import { silentLogger } from '../../src/kernel/log.ts'
import { isRunning, readIdentity, terminate } from '../../src/process/index.ts'
import { detachedLauncher, findWorkers, WorkerSupervisor } from '../../src/supervision/index.ts'
import { fastClock } from '../support/fast-clock.ts'
import { workerOrder } from './support.ts'

// Real processes, real sockets, real signals; only the media is missing.
const program = fileURLToPath(new URL('../support/fake-worker.ts', import.meta.url))
const match = /fake-worker\.ts$/
let stateDir: string
const running: WorkerSupervisor[] = []

function supervisor(clock: Clock = systemClock): WorkerSupervisor {
  const launcher = detachedLauncher({ stateDir, version: '1.2.3', clock, log: silentLogger, program })
  const made = new WorkerSupervisor({
    stateDir,
    version: '1.2.3',
    clock,
    log: silentLogger,
    launcher,
    program: match,
  })
  running.push(made)
  return made
}

async function until(condition: () => boolean, what: string): Promise<void> {
  for (let i = 0; i < 1000; i++) {
    if (condition()) return
    await sleep(systemClock, 10)
  }
  throw new Error(`in 10 s: ${what} did not happen`)
}

const pidOf = (made: WorkerSupervisor, slot = 0) => made.views()[slot]?.pid
/** What the worker was told, newest last. */
const applied = (slot = 0): { id: string; resume: boolean }[][] =>
  readFileSync(join(stateDir, 'workers', `${slot}.log`), 'utf8')
    .split('\n')
    .filter(line => line.includes('applied'))
    .map(line => JSON.parse(line).cameras)

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'vms-sup-'))
  writeFileSync(join(stateDir, 'alive'), '')
})

afterEach(async () => {
  for (const made of running.splice(0)) made.leave()
  await Promise.all(findWorkers(stateDir, match).map(worker => terminate(systemClock, worker)))
  rmSync(stateDir, { recursive: true, force: true })
})

it('starts workers, tells them their cameras, and stops them in order', async () => {
  const first = supervisor()
  first.adopt()
  await first.apply(
    new Map([
      [0, workerOrder('a', 'b')],
      [1, workerOrder('c')],
    ]),
  )
  await until(() => first.settled, 'both workers run')
  await first.refresh(0, 1000)
  expect(first.views().map(view => view.status?.cameras.map(camera => camera.id))).toEqual([['a', 'b'], ['c']])
  expect(first.views().map(view => view.trouble)).toEqual([undefined, undefined])
  expect(first.plan()).toEqual([])
  await first.stopAll()
  expect(findWorkers(stateDir, match)).toEqual([])
})

it('a new supervisor adopts what runs, with and without a record', async () => {
  const first = supervisor()
  first.adopt()
  await first.apply(
    new Map([
      [0, workerOrder('a')],
      [1, workerOrder('b')],
    ]),
  )
  await until(() => first.settled, 'workers run')
  const pids = first.views().map(view => view.pid)
  first.leave()
  rmSync(join(stateDir, 'workers', '1.json'))

  const second = supervisor()
  second.adopt()
  await second.apply(
    new Map([
      [0, workerOrder('a')],
      [1, workerOrder('b')],
    ]),
  )
  await until(() => second.settled, 'workers adopted')
  expect(second.views().map(view => view.pid)).toEqual(pids)
  expect(second.views().every(view => view.adopted)).toBe(true)
  expect(JSON.parse(readFileSync(join(stateDir, 'workers', '1.json'), 'utf8')).pid).toBe(pids[1])
  expect(applied(0).at(-1)).toEqual([{ id: 'a', resume: false }])
})

it('a killed worker is back at once and its cameras resume', async () => {
  const first = supervisor()
  first.adopt()
  await first.apply(new Map([[0, workerOrder('a', 'b')]]))
  await until(() => first.settled && first.views()[0]?.status !== undefined, 'worker runs')
  const pid = pidOf(first)!
  const killed = systemClock.monotonic()
  process.kill(pid, 'SIGKILL')
  await until(() => pidOf(first) !== pid && first.settled, 'worker is back')
  // Within the 3 s that are promised, most of it Node's own start.
  expect(systemClock.monotonic() - killed).toBeLessThan(3_000)
  expect(applied().at(-1)).toEqual([
    { id: 'a', resume: true },
    { id: 'b', resume: true },
  ])
  expect(first.views()[0]?.restarts).toBe(1)
})

it('a worker that died while no daemon looked comes back with its cameras', async () => {
  const first = supervisor()
  first.adopt()
  await first.apply(new Map([[0, workerOrder('a')]]))
  await until(() => first.settled, 'worker runs')
  first.leave()
  const identity = readIdentity(pidOf(first)!)!
  process.kill(identity.pid, 'SIGKILL')
  await until(() => !isRunning(identity), 'it is dead')
  const second = supervisor()
  second.adopt()
  await second.apply(new Map([[0, workerOrder('a')]]))
  await until(() => second.settled, 'worker is back')
  expect(applied().at(-1)).toEqual([{ id: 'a', resume: true }])
})

it('a worker of another protocol is left to record, and can still be stopped', async () => {
  const first = supervisor()
  first.adopt()
  await first.apply(new Map([[0, workerOrder('a')]]))
  await until(() => first.settled, 'worker runs')
  const pid = pidOf(first)
  first.leave()
  writeFileSync(join(stateDir, 'fake-foreign'), '')
  const second = supervisor()
  second.adopt()
  await second.apply(new Map([[0, workerOrder('a', 'b')]]))
  await until(() => second.views()[0]?.link === 'foreign', 'it refuses')
  expect(pidOf(second)).toBe(pid)
  expect(second.views()[0]?.trouble).toMatch(/another protocol/)
  expect(applied()).toHaveLength(1)
  await second.stopAll()
  expect(findWorkers(stateDir, match)).toEqual([])
})

it('finds its workers under another name of the state directory', async () => {
  const first = supervisor()
  first.adopt()
  await first.apply(new Map([[0, workerOrder('a')]]))
  await until(() => first.settled, 'worker runs')
  const link = `${stateDir}-link`
  symlinkSync(stateDir, link)
  expect(findWorkers(link, match).map(({ pid }) => pid)).toEqual([pidOf(first)])
  rmSync(link)
})

it('a record of another process is not believed', async () => {
  const first = supervisor()
  first.adopt()
  await first.apply(new Map([[0, workerOrder('a')]]))
  await until(() => first.settled, 'worker runs')
  first.leave()
  const pid = pidOf(first)!
  // What a recycled record would look like: right slot, wrong process.
  writeFileSync(
    join(stateDir, 'workers', '0.json'),
    JSON.stringify({ slot: 0, pid: process.pid, startTime: '1', bootId: 'x', version: 'v', protocol: 1, startedAt: 0 }),
  )
  const second = supervisor()
  second.adopt()
  await second.apply(new Map([[0, workerOrder('a')]]))
  await until(() => second.settled, 'adopted')
  expect(pidOf(second)).toBe(pid)
})

it('a worker that ends at once is retried five times, then once a minute', async () => {
  writeFileSync(join(stateDir, 'fake-exit'), '')
  const first = supervisor()
  first.adopt()
  await first.apply(new Map([[0, workerOrder('a')]]))
  await until(() => first.views()[0]?.trouble?.includes('retried once a minute') ?? false, 'it flaps')
  expect(first.views()[0]?.restarts).toBe(5)
  expect(first.plan()[0]).toMatch(/start worker 0 in \d+ s: it ended five times within a minute/)
})

it('a worker that hangs is ended and replaced, and its successor is judged afresh', async () => {
  // No faster: the new worker has 3 s then to start, on a machine that does other things.
  const first = supervisor(fastClock(10))
  first.adopt()
  await first.apply(new Map([[0, workerOrder('a')]]))
  await until(() => first.settled && first.views()[0]?.status !== undefined, 'worker runs')
  const pid = pidOf(first)!
  // It cannot even end when asked to: only KILL is left.
  process.kill(pid, 'SIGSTOP')
  await until(() => first.views()[0]?.trouble?.includes('unanswered') ?? false, 'the silence is noticed')
  await until(() => pidOf(first) !== undefined && pidOf(first) !== pid && first.settled, 'a new worker runs')
  const next = pidOf(first)
  expect(applied().at(-1)).toEqual([{ id: 'a', resume: true }])
  await sleep(systemClock, 1_000)
  expect([pidOf(first), first.views()[0]?.restarts, first.views()[0]?.trouble]).toEqual([next, 1, undefined])
})

it('surplus workers are gone before the others hear of their cameras', async () => {
  const first = supervisor()
  first.adopt()
  await first.apply(
    new Map([
      [0, workerOrder('a')],
      [1, workerOrder('b')],
    ]),
  )
  await until(() => first.settled, 'workers run')
  await first.apply(new Map([[0, workerOrder('a', 'b')]]))
  expect(findWorkers(stateDir, match).map(worker => worker.slot)).toEqual([0])
  await until(() => first.settled, 'told')
  expect(
    applied()
      .at(-1)
      ?.map(camera => camera.id),
  ).toEqual(['a', 'b'])
})
