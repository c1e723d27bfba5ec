import { type ChildProcess, spawn } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sleep, systemClock } from '../../src/kernel/clock.ts'
import { spawnVirtualCameras, type VirtualCamerasProcess } from '../../src/media/virtual/index.ts'
import type { StartResult, StreamReport, ViewerReport, Viewing } from '../../src/streaming/index.ts'
import { hasProgram } from '../support/programs.ts'
import { TestSite } from '../support/test-site.ts'
import { vmsctl } from '../support/vmsctl.ts'

/** Milliseconds; the linger of cameras that are tested for something else. */
const LINGER = 2_000

/** A player that reads a stream until it is ended. */
class Player {
  readonly #child: ChildProcess
  readonly ended: Promise<void>
  err = ''

  constructor(url: string) {
    const args = ['-v', 'error', '-nostdin', '-rtsp_transport', 'tcp', '-i', url, '-c', 'copy', '-f', 'null', '-']
    this.#child = spawn('ffmpeg', args, { stdio: ['ignore', 'ignore', 'pipe'] })
    this.#child.stderr!.setEncoding('utf8').on('data', text => {
      this.err += text
    })
    this.ended = new Promise(resolve => this.#child.once('exit', () => resolve()))
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.ended
  }
}

describe.skipIf(!hasProgram('ffmpeg'))('streams on demand', () => {
  const site = new TestSite()
  const env = { VMSCTL_STATE_DIR: site.stateDir, VMS_CONFIG: site.config }
  let cameras: VirtualCamerasProcess

  const json = async <T>(...args: string[]): Promise<T> => {
    const { code, out, err } = await vmsctl([...args, '--json'], env)
    if (code !== 0) throw new Error(`${args.join(' ')} exited with ${code}: ${out}${err}`)
    return JSON.parse(out) as T
  }
  const sub = async (camera: string): Promise<StreamReport> => (await site.client.live.stream(camera))[0]!
  /** Connections to a stream of a camera, `cam-001/sub`: those that ever were, and those of now. */
  const connections = async (name: string) => {
    const { streams } = await cameras.client.statistics()
    const sessions = streams.find(({ camera, stream }) => `${camera}/${stream}` === name)!.sessions
    return { ever: sessions.length, now: sessions.filter(({ ended }) => ended === null).length }
  }
  const idle = (camera: string, seconds = 10) =>
    site.until(`${camera} is idle`, async () => (await sub(camera)).state === 'idle', seconds)
  const gateway = async (path: string) => {
    const [url] = (await sub(path.split('/')[0]!)).urls
    return url!.url
  }

  beforeAll(async () => {
    cameras = await spawnVirtualCameras({ count: 6, main: 500_000, sub: 200_000, gop: 25 })
    site.defer(() => cameras.stop())
    const entry = (id: string, more = '') =>
      `{ id: ${id}, main: "${cameras.url}/${id}/main", sub: "${cameras.url}/${id}/sub", record: never${more} }`
    site.write(
      [
        entry('cam-001'),
        entry('cam-002'),
        entry('cam-003'),
        entry('cam-004', ', linger: 30s'),
        entry('cam-005', ', prewarm: always'),
        `{ id: down, main: "rtsp://127.0.0.1:9/main", sub: "rtsp://127.0.0.1:9/sub", record: never }`,
      ],
      [
        `defaults: { linger: ${LINGER / 1_000}s }`,
        'viewing: { listen: never, lease: 5s, limits: { viewers_per_user: 3 } }',
      ],
    )
    await site.start()
    await site.until('the gateway listens', async () => (await sub('cam-001')).urls.length > 0)
  })
  afterAll(() => site[Symbol.asyncDispose]())

  it('plays when the command answers, counts a user once, and ends after the linger', async () => {
    const first = await json<StartResult>('stream', 'start', 'cam-001', '--user', 'anna')
    expect(first).toMatchObject({ running: false, note: null, stream: { state: 'running', viewers: 1, reason: null } })
    expect(first.stream.urls).toEqual([
      { protocol: 'rtsp', by: 'gateway', url: expect.stringMatching(/cam-001\/sub$/) },
    ])
    const second = await json<StartResult>('stream', 'start', 'cam-001', '--user', 'anna')
    expect(second).toMatchObject({ running: true, stream: { viewers: 1 } })
    expect(second.took).toBeLessThan(100)
    await json('stream', 'start', 'cam-001', '--user', 'ben')
    expect((await sub('cam-001')).why.map(why => why.kind)).toEqual(['lease', 'lease'])
    expect((await vmsctl(['stream', 'list'], env)).out).toMatch(/1 stream is up for 2 viewers|streams are up/)
    await json('stream', 'stop', 'cam-001', '--user', 'anna')
    const { streams } = await json<{ streams: StreamReport[] }>('stream', 'stop', 'cam-001', '--user', 'ben')
    expect(streams).toMatchObject([{ state: 'lingering', why: [{ kind: 'linger' }] }])
    await idle('cam-001')
  })

  it('fifty starts at once are one connection to the camera', async () => {
    const starts = Array.from({ length: 50 }, (_, index) =>
      site.client.live.start('cam-002', { user: `user-${index}`, for: 60_000 }),
    )
    const results = await Promise.all(starts)
    expect(new Set(results.map(({ stream }) => stream.state))).toEqual(new Set(['running']))
    expect(await sub('cam-002')).toMatchObject({ viewers: 50, sessions: 0 })
    expect(await connections('cam-002/sub')).toEqual({ ever: 1, now: 1 })
    await Promise.all(results.map(({ user }) => site.client.live.stop('cam-002', { user })))
    await idle('cam-002')
  })

  it('a viewer of the gateway is seen, named in the list and in the history, and counted until it has left', async () => {
    const player = new Player(await gateway('cam-003/sub'))
    const seen = await site.until('the viewer is listed', async () => {
      const viewers = await site.client.live.viewers({ camera: 'cam-003' })
      return viewers.find(viewer => viewer.bytes > 0)
    })
    expect(seen).toMatchObject({
      user: 'local',
      stream: 'sub',
      state: 'watching',
      protocol: 'rtsp',
      client: expect.stringContaining('Lavf'),
    })
    expect(await sub('cam-003')).toMatchObject({ state: 'running', viewers: 1, sessions: 1, why: [{ kind: 'viewer' }] })
    await player.stop()
    await idle('cam-003')
    const { viewings } = await json<{ viewings: Viewing[] }>('viewer', 'history', '--camera', 'cam-003')
    expect(viewings).toMatchObject([{ user: 'local', protocol: 'rtsp', how: 'left' }])
    expect(viewings[0]!.bytes).toBeGreaterThan(1_000)
    expect(viewings[0]!.ended! - viewings[0]!.started).toBeGreaterThan(500)
  })

  it('ends 30 to 33 s after the last viewer has left', async () => {
    const player = new Player(await gateway('cam-004/sub'))
    await site.until('it runs', async () => (await sub('cam-004')).state === 'running')
    await sleep(systemClock, 2_000)
    await player.stop()
    const left = systemClock.monotonic()
    const playing = async () => (await connections('cam-004/sub')).now
    await sleep(systemClock, 29_000)
    expect(await playing()).toBe(1)
    await site.until('the camera is let go', async () => (await playing()) === 0, 10)
    const took = (systemClock.monotonic() - left) / 1_000
    expect(took).toBeGreaterThan(29.9)
    expect(took).toBeLessThan(33)
  })

  it('a camera that is down is told within 10 s with its reason, and nothing is left of the wish', async () => {
    const began = systemClock.monotonic()
    const { code, err } = await vmsctl(['stream', 'start', 'down', '--user', 'anna'], env)
    expect(systemClock.monotonic() - began).toBeLessThan(10_500)
    expect([code, err]).toEqual([6, expect.stringMatching(/down cannot be watched: .*refused/)])
    await idle('down')
    expect(await site.client.live.viewers()).toEqual([])
  })

  it('what nobody serves here is refused, and what is served is named', async () => {
    const { code, err } = await vmsctl(['stream', 'start', 'cam-001', '--protocol', 'webrtc'], env)
    expect([code, err]).toEqual([5, expect.stringMatching(/nobody serves webrtc here\n {2}-> Served are .*rtsp/)])
  })

  it('an unknown camera is told with the nearest name', async () => {
    const { code, err } = await vmsctl(['stream', 'start', 'cam-01'], env)
    expect([code, err]).toEqual([
      3,
      expect.stringMatching(/no camera "cam-01" is configured[\s\S]*Did you mean "cam-001"/),
    ])
  })

  it('whoever watches as much as is allowed is refused with the reason', async () => {
    for (const camera of ['cam-001', 'cam-002', 'cam-003']) await site.client.live.start(camera, { user: 'greedy' })
    const { code, err } = await vmsctl(['stream', 'start', 'cam-004', '--user', 'greedy'], env)
    expect([code, err]).toEqual([4, expect.stringMatching(/greedy watches 3 streams, and 3 are allowed/)])
  })

  it('what is kept warm or kept up is up without anybody, until that is taken back', async () => {
    await site.until('cam-005 is warm', async () => (await sub('cam-005')).state === 'running')
    expect((await sub('cam-005')).why).toEqual([{ kind: 'prewarm', until: null }])
    await json('stream', 'keep', 'cam-001')
    await site.until('cam-001 is kept', async () => (await sub('cam-001')).state === 'running')
    await json('stream', 'keep', 'cam-001', '--off')
    await idle('cam-001', 20)
  })

  it('a viewer with a token is known by name, and is really disconnected', async () => {
    const connection = await json<{ id: string; url: string; token: string }>(
      'viewer',
      'connect',
      'cam-001',
      '--user',
      'anna',
      '--client',
      'wall-3',
      '--protocol',
      'rtsp',
    )
    const player = new Player(connection.url)
    const seen = await site.until('anna watches', async () =>
      (await site.client.live.viewers()).find(({ state, user }) => state === 'watching' && user === 'anna'),
    )
    expect(seen).toMatchObject({
      client: 'wall-3',
      connection: connection.id,
      camera: 'cam-001',
    } satisfies Partial<ViewerReport>)
    const { code, out } = await vmsctl(['viewer', 'disconnect', connection.id], env)
    expect([code, out]).toEqual([0, expect.stringContaining('1 session ended, and its token is taken back')])
    await player.ended
    const again = new Player(connection.url)
    await again.ended
    expect(again.err).toMatch(/401/)
    const { viewings } = await json<{ viewings: Viewing[] }>('viewer', 'history', '--user', 'anna')
    expect(viewings[0]).toMatchObject({ client: 'wall-3', how: expect.stringContaining('disconnected by') })
    expect(JSON.stringify(await site.client.logs(undefined, 1_000))).not.toContain(connection.token)
    const { code: unknown } = await vmsctl(['viewer', 'disconnect', 'nobody'], env)
    expect(unknown).toBe(3)
  })

  it('is found again by another daemon: the viewer notices nothing, and it ends when the viewer has left', async () => {
    const player = new Player(await gateway('cam-003/sub'))
    await site.until('it is watched', async () => (await sub('cam-003')).sessions === 1)
    const before = await sub('cam-003')
    const sent = await connections('cam-003/sub')
    await site.killDaemon()
    await sleep(systemClock, 3_000)
    await site.start()
    const after = await site.until('it is found', async () => {
      const found = await sub('cam-003')
      return found.sessions === 1 && found
    })
    expect(after).toMatchObject({ state: 'running', viewers: 1 })
    expect(Math.abs(after.since! - before.since!)).toBeLessThan(1_500)
    expect(player.running).toBe(true)
    expect(await connections('cam-003/sub')).toEqual(sent)
    await player.stop()
    await idle('cam-003')
    const { viewings } = await json<{ viewings: Viewing[] }>('viewer', 'history', '--camera', 'cam-003')
    expect(viewings[0]).toMatchObject({ how: 'left' })
    expect(viewings[0]!.ended! - viewings[0]!.started).toBeGreaterThan(3_000)
  })
})
