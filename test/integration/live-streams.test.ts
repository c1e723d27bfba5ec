import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeStateDirectory } from '../../src/config/make-state-directory.ts'
import { sleep, systemClock } from '../../src/kernel/clock.ts'
import { silentLogger } from '../../src/kernel/log.ts'
import { spawnVirtualCameras, type VirtualCamerasProcess } from '../../src/media/virtual/index.ts'
import type { StreamRef } from '../../src/media/worker/protocol.ts'
import { isRunning, readIdentity, terminate } from '../../src/process/index.ts'
import { detachedLauncher, findWorkers, type WorkerOrder, WorkerSupervisor } from '../../src/supervision/index.ts'
import { workerOrder } from '../supervision/support.ts'
import { RtspClient } from '../support/rtsp-client.ts'

// The real worker process and cameras that count who connects; the daemon's part is a supervisor in this process.
const LINGER = 1_500
const SUB: StreamRef = { camera: 'cam-001', stream: 'sub' }
const signal = new AbortController().signal

let cameras: VirtualCamerasProcess
let stateDir: string
const running: WorkerSupervisor[] = []

beforeAll(async () => {
  cameras = await spawnVirtualCameras({ count: 2, main: 500_000, sub: 200_000, gop: 10 })
})
afterAll(() => cameras.stop())
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'vms-live-'))
  makeStateDirectory(join(stateDir, 'workers'))
})
afterEach(async () => {
  for (const made of running.splice(0)) made.leave()
  await Promise.all(findWorkers(stateDir).map(worker => terminate(systemClock, worker)))
  rmSync(stateDir, { recursive: true, force: true })
})

/** One camera that is there, and one at a port where nobody listens; neither is recorded. */
function order(): WorkerOrder {
  const { cameras: made, ...rest } = workerOrder('cam-001', 'down')
  const login = { username: undefined, password: undefined, verifyTls: false }
  const [up, down] = [
    (role: string) => ({ url: `${cameras.url}/cam-001/${role}`, ...login }),
    () => ({ url: 'rtsp://127.0.0.1:9/sub', ...login }),
  ]
  const urls = (of: (role: string) => ReturnType<typeof up>) => ({ main: of('main'), sub: of('sub') })
  return {
    ...rest,
    cameras: made.map(camera => ({
      ...camera,
      ...urls(camera.id === 'down' ? down : up),
      record: false,
      linger: LINGER,
    })),
  }
}

/** A daemon's supervisor of the worker that is there, or of a new one. */
async function daemon(): Promise<WorkerSupervisor> {
  const options = { stateDir, version: '1.2.3', clock: systemClock, log: silentLogger }
  const made = new WorkerSupervisor({ ...options, launcher: detachedLauncher(options) })
  running.push(made)
  made.adopt()
  await made.apply(new Map([[0, order()]]))
  await until('the worker has its cameras', async () => made.settled)
  return made
}

async function until(what: string, holds: () => Promise<boolean>, seconds = 15): Promise<void> {
  const end = Date.now() + seconds * 1_000
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`in ${seconds} s: ${what} did not happen`)
    await sleep(systemClock, 20)
  }
}

/** Sessions of the camera's sub-stream, as the camera counts them: all that ever were, and those that run. */
async function connections(): Promise<{ readonly ever: number; readonly now: number }> {
  const { streams } = await cameras.client.statistics()
  const own = streams.filter(({ camera, stream }) => camera === 'cam-001' && stream === 'sub')
  const sessions = own.flatMap(each => each.sessions)
  return { ever: sessions.length, now: sessions.filter(({ ended }) => ended === null).length }
}

const streamsNow = (count: number) => async () => (await connections()).now === count

async function gatewayOf(made: WorkerSupervisor): Promise<string> {
  await made.refresh(0, 1_000)
  return made.views()[0]!.status!.gateway.listening!
}

describe('a held stream', () => {
  it('is one connection to the camera however many open it at once, and ends at once when it is let go', async () => {
    const live = (await daemon()).live()
    const before = (await connections()).ever
    live.hold([SUB])
    const opened = await Promise.all(Array.from({ length: 50 }, () => live.open('cam-001', 'sub', signal)))
    expect(new Set(opened.map(each => JSON.stringify({ ...each, fps: 0 })))).toHaveLength(1)
    expect(opened[0]).toMatchObject({ codec: 'h264', bFrames: false, width: expect.any(Number) })
    expect(await connections()).toEqual({ ever: before + 1, now: 1 })
    // Longer than the linger, with nobody reading.
    await sleep(systemClock, LINGER + 500)
    expect((await connections()).now).toBe(1)
    const began = Date.now()
    live.hold([])
    await until('the stream ends', streamsNow(0))
    expect(Date.now() - began).toBeLessThan(LINGER)
    expect((await connections()).ever).toBe(before + 1)
  })

  it('goes on while somebody reads it, and lingers behind the last', async () => {
    const made = await daemon()
    const live = made.live()
    const before = (await connections()).ever
    live.hold([SUB])
    const readers = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const reader = new RtspClient(`rtsp://${await gatewayOf(made)}/cam-001/sub`)
        expect((await reader.play()).at(-1)).toBe(200)
        return reader
      }),
    )
    const { sessions } = await live.sessions()
    expect(sessions.map(({ camera, stream, user }) => [camera, stream, user])).toEqual(
      Array(10).fill(['cam-001', 'sub', null]),
    )
    live.hold([])
    expect(await live.endSession(sessions[0]!.id, 'by request')).toBe(true)
    await Promise.race(readers.map(reader => reader.closed))
    await sleep(systemClock, LINGER + 500)
    expect(await connections()).toEqual({ ever: before + 1, now: 1 })
    for (const { socket } of readers) socket.destroy()
    const left = Date.now()
    await until('the stream ends', streamsNow(0))
    expect(Date.now() - left).toBeGreaterThan(LINGER - 200)
    expect(Date.now() - left).toBeLessThan(LINGER + 1_500)
  })

  it('lingers when the daemon is gone, and is not interrupted when the next one holds it', async () => {
    const first = await daemon()
    first.live().hold([SUB])
    await first.live().open('cam-001', 'sub', signal)
    const { ever } = await connections()
    first.leave()
    const second = await daemon()
    second.live().hold([SUB])
    await sleep(systemClock, LINGER + 1_000)
    expect(await connections()).toEqual({ ever, now: 1 })
    second.leave()
    const left = Date.now()
    await until('the stream ends', streamsNow(0))
    expect(Date.now() - left).toBeGreaterThan(LINGER - 500)
  })

  it('comes back with a worker that was killed', async () => {
    const made = await daemon()
    made.live().hold([SUB])
    await made.live().open('cam-001', 'sub', signal)
    const before = await connections()
    const identity = readIdentity(made.views()[0]!.pid!)!
    process.kill(identity.pid, 'SIGKILL')
    await until('it is dead', async () => !isRunning(identity))
    expect(await made.live().open('cam-001', 'sub', signal)).toMatchObject({ codec: 'h264' })
    expect(await connections()).toEqual({ ever: before.ever + 1, now: 1 })
  })
})

describe('opening', () => {
  it('does not keep a stream up beyond its linger', async () => {
    const made = await daemon()
    await made.live().open('cam-001', 'sub', signal)
    await until('the stream ends', streamsNow(0))
    expect(existsSync(stateDir)).toBe(true)
  })

  it('says what is wrong with the camera, and holds up no other request meanwhile', async () => {
    const made = await daemon()
    const began = Date.now()
    const failing = made.live().open('down', 'sub', signal)
    // The worker answers others while this one waits.
    expect(await made.live().open('cam-001', 'sub', signal)).toMatchObject({ codec: 'h264' })
    expect((await made.live().sessions()).unknown.size).toBe(0)
    expect(Date.now() - began).toBeLessThan(2_500)
    await expect(failing).rejects.toMatchObject({ code: 'VMS_E_REMOTE', message: expect.stringMatching(/refuse/) })
    expect(Date.now() - began).toBeLessThan(10_000)
    await expect(made.live().open('nobody', 'sub', signal)).rejects.toMatchObject({ code: 'VMS_E_CAMERA_NOT_FOUND' })
  })
})
