import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { AccessRules } from '../../src/access/index.ts'
import { sleep, systemClock } from '../../src/kernel/clock.ts'
import type { Logger } from '../../src/kernel/log.ts'
import { silentLogger } from '../../src/kernel/log.ts'
import type { StreamRef } from '../../src/media/worker/protocol.ts'
import { terminate } from '../../src/process/index.ts'
import { detachedLauncher, findWorkers, WorkerSupervisor } from '../../src/supervision/index.ts'
import { workerOrder } from './support.ts'

// Real processes, real sockets, real signals; only the media is missing.
const program = fileURLToPath(new URL('../support/fake-worker.ts', import.meta.url))
const match = /fake-worker\.ts$/
const RULES: AccessRules = { keys: [], revoked: ['one'] }
const sub = (camera: string): StreamRef => ({ camera, stream: 'sub' })
const signal = new AbortController().signal

let stateDir: string
const running: WorkerSupervisor[] = []

async function supervisor(log: Logger = silentLogger): Promise<WorkerSupervisor> {
  const options = { stateDir, version: '1.2.3', clock: systemClock, log }
  const made = new WorkerSupervisor({ ...options, launcher: detachedLauncher({ ...options, program }), program: match })
  running.push(made)
  made.adopt()
  await made.apply(
    new Map([
      [0, workerOrder('a', 'b')],
      [1, workerOrder('c')],
    ]),
  )
  return made
}

/** What a worker was told last, under this name. */
function told(name: string): unknown {
  try {
    return JSON.parse(readFileSync(join(stateDir, name), 'utf8'))
  } catch {
    return undefined
  }
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (let i = 0; i < 1_000; i++) {
    if (holds()) return
    await sleep(systemClock, 10)
  }
  throw new Error(`in 10 s: ${what} did not happen`)
}

const toldAll = (...held: StreamRef[][]) =>
  until('the workers know what is held', () =>
    held.every((streams, slot) => JSON.stringify(told(`held-${slot}`)) === JSON.stringify(streams)),
  )

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'vms-plane-'))
  writeFileSync(join(stateDir, 'alive'), '')
})

afterEach(async () => {
  for (const made of running.splice(0)) made.leave()
  await Promise.all(findWorkers(stateDir, match).map(worker => terminate(systemClock, worker)))
  rmSync(stateDir, { recursive: true, force: true })
})

it('tells each worker which of its streams are held, and all of them which tokens hold', async () => {
  const made = await supervisor()
  await until('both workers run', () => made.settled)
  expect([told('held-0'), told('access-0')]).toEqual([undefined, undefined])
  made.live().hold([sub('a'), sub('c'), sub('gone')])
  made.live().access(RULES)
  await toldAll([sub('a')], [sub('c')])
  await until('rules are told', () => told('access-0') !== undefined && told('access-1') !== undefined)
  expect(told('access-1')).toEqual(RULES)
  made.live().hold([sub('b')])
  await toldAll([sub('b')], [])
})

it('tells a worker that was restarted, and one that another daemon finds', async () => {
  const first = await supervisor()
  first.live().hold([sub('a'), sub('c')])
  first.live().access(RULES)
  await toldAll([sub('a')], [sub('c')])
  for (const name of ['held-0', 'access-0']) rmSync(join(stateDir, name))
  process.kill(first.views()[0]!.pid!, 'SIGKILL')
  await toldAll([sub('a')])
  expect(told('access-0')).toEqual(RULES)
  first.leave()

  rmSync(join(stateDir, 'held-1'))
  const second = await supervisor()
  await until('workers are adopted', () => second.settled)
  // Nobody has said yet what the new daemon wants: the workers let what was held linger meanwhile.
  expect(told('held-1')).toBeUndefined()
  second.live().hold([sub('c')])
  await toldAll([], [sub('c')])
})

it('sends the holds after a camera that has moved', async () => {
  const made = await supervisor()
  made.live().hold([sub('c')])
  await toldAll([], [sub('c')])
  await made.apply(new Map([[0, workerOrder('a', 'b', 'c')]]))
  await toldAll([sub('c')])
})

it('opens a stream, or says why not', async () => {
  const made = await supervisor()
  const plane = made.live()
  // The worker is only just being started: it is waited for.
  expect(await plane.open('c', 'main', signal)).toMatchObject({ codec: 'h264', width: 640 })
  await expect(plane.open('c', 'sub', signal)).rejects.toMatchObject({ code: 'VMS_E_REMOTE', message: 'c: refused' })
  await expect(plane.open('d', 'sub', signal)).rejects.toMatchObject({ code: 'VMS_E_CAMERA_NOT_FOUND' })
  await expect(plane.open('c', 'main', AbortSignal.abort())).rejects.toMatchObject({ code: 'VMS_E_INTERRUPTED' })
})

it('lists who watches, and of whom nothing is known', async () => {
  const made = await supervisor()
  await until('both workers run', () => made.settled)
  const plane = made.live()
  const before = await plane.sessions()
  expect([before.sessions.map(({ camera }) => camera), [...before.unknown]]).toEqual([['a', 'b', 'c'], []])
  expect(await plane.endSession('session-of-c', 'by request')).toBe(true)
  expect(await plane.endSession('session-of-nobody', 'by request')).toBe(false)
  const pid = made.views()[1]!.pid!
  process.kill(pid, 'SIGSTOP')
  const after = await plane.sessions()
  process.kill(pid, 'SIGCONT')
  expect([after.sessions.map(({ camera }) => camera), [...after.unknown]]).toEqual([['a', 'b'], ['c']])
})

it('says once that a worker is too old to hold streams, and goes on', async () => {
  writeFileSync(join(stateDir, 'fake-old'), '')
  const warnings: unknown[] = []
  const log: Logger = { ...silentLogger, child: () => log, warn: fields => void warnings.push(fields) }
  const made = await supervisor(log)
  for (const camera of ['a', 'b']) {
    made.live().hold([sub(camera)])
    await until('it is told', () => made.settled)
  }
  expect(warnings).toEqual(Array(2).fill({ request: 'hold', answer: 'no such request: hold' }))
})
