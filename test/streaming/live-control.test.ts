import type { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SiteConfig } from '../../src/config/types.ts'
import { VmsError } from '../../src/kernel/errors.ts'
import { silentLogger } from '../../src/kernel/log.ts'
import type { OpenedStream, StreamRef, ViewerSession } from '../../src/media/worker/protocol.ts'
import {
  LiveControl,
  LiveService,
  type LiveSite,
  openLive,
  type SessionSource,
  StreamMirror,
} from '../../src/streaming/index.ts'
import type { MediaPlane } from '../../src/supervision/index.ts'
import { camera, site } from '../daemon/site.ts'
import { FakeClock } from '../support/fake-clock.ts'

const LINGER = 30_000
const opened: OpenedStream = { codec: 'h264', bFrames: false, width: 640, height: 360, fps: 25, audio: null }

/** The workers, as this test says that they are. */
class FakePlane implements MediaPlane {
  held: readonly StreamRef[] = []
  watching: ViewerSession[] = []
  /** What opening a stream gives: what it is made of, why it fails, or nothing ever. */
  open_: Record<string, OpenedStream | string | 'never'> = {}
  opens = 0
  /** Cameras whose worker does not answer. */
  readonly away = new Set<string>()

  hold(streams: readonly StreamRef[]): void {
    this.held = streams
  }

  open(id: string, stream: string, signal: AbortSignal): Promise<OpenedStream> {
    this.opens++
    const answer = this.open_[`${id}/${stream}`] ?? opened
    if (answer === 'never')
      return new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(new VmsError('VMS_E_INTERRUPTED', 'nobody waits'))),
      )
    return typeof answer === 'string' ? Promise.reject(new VmsError('VMS_E_REMOTE', answer)) : Promise.resolve(answer)
  }

  async sessions() {
    const there = this.watching.filter(each => !this.away.has(each.camera))
    return { sessions: there.map(each => ({ ...each, lastSeen: clock.wall() })), unknown: this.away }
  }

  async endSession(id: string): Promise<boolean> {
    const before = this.watching.length
    this.watching = this.watching.filter(session => session.id !== id)
    return this.watching.length < before
  }

  access(): void {}

  names(): string[] {
    return this.held.map(({ camera: id, stream }) => `${id}/${stream}`)
  }
}

let clock: FakeClock
let plane: FakePlane
/** Where MediaMTX serves viewers. */
let mediamtx: { readonly webrtc: string } | undefined
let database: DatabaseSync
let running: { control: LiveControl; service: LiveService }

const withSub = (id: string) => camera(id, { sub: { url: 'rtsp://h/s', credentials: undefined, verifyTls: true } })
const whole = site([withSub('gate'), withSub('hall'), camera('yard')])
/** The configuration that holds, and which cameras it keeps warm. */
let config: SiteConfig = whole
let warm = new Set<string>()
let sources: SessionSource[] = []

/** A daemon's live streams; another one goes on with the same registry. */
function begin() {
  const live: LiveSite = {
    get config() {
      return config
    },
    camera: id => config.cameras.find(each => each.id === id),
    linger: () => LINGER,
    prewarmed: id => (warm.has(id) ? { until: null } : undefined),
    doors: () => ({ gateway: '127.0.0.1:8654', viewing: '127.0.0.1:8655', mediamtx }),
    status: () => undefined,
    refresh: async () => {},
    workerPid: () => 1,
  }
  const mirror = new StreamMirror({ clock, log: silentLogger, cameras: () => [], password: async () => '' })
  const control = new LiveControl({ site: live, plane, sources, database, mirror, clock, log: silentLogger })
  const tokens = {
    make: async () => ({ token: 'e.y.J', id: 'jti-1', expires: clock.wall() + 3_600_000 }),
    revoke: async () => {},
  }
  const iceServers = async () => []
  const service = new LiveService({
    site: live,
    control,
    tokens,
    iceServers,
    clock,
    log: silentLogger,
    random: Math.random,
  })
  control.start()
  return { control, service }
}

const session = (over: Partial<ViewerSession> = {}): ViewerSession => ({
  id: 's1',
  camera: 'gate',
  stream: 'sub',
  protocol: 'rtsp',
  transport: 'tcp',
  user: 'anna',
  token: null,
  client: null,
  address: '10.0.0.7',
  connectedAt: clock.wall(),
  lastSeen: clock.wall(),
  bytes: 0,
  relay: false,
  ...over,
})

beforeEach(() => {
  clock = new FakeClock()
  plane = new FakePlane()
  config = whole
  warm = new Set()
  sources = []
  mediamtx = undefined
  database = openLive(':memory:', new Date(0)).database
  running = begin()
})
afterEach(async () => {
  await running.control.end()
  database.close()
})

describe('live streams', () => {
  it('a viewer that dies without a word holds its stream for its lease and the linger, and no longer', async () => {
    await running.service.start('gate', { user: 'anna' })
    await clock.run(config.viewing.lease + LINGER - 1_000, 500)
    expect(plane.names()).toEqual(['gate/sub'])
    await clock.run(3_000, 500)
    expect(plane.names()).toEqual([])
    expect(running.service.viewers()).toEqual([])
  })

  it('a clock that is set back by an hour keeps nothing up', async () => {
    plane.watching = [session()]
    await clock.run(5_000, 500)
    expect(plane.names()).toEqual(['gate/sub'])
    plane.watching = []
    await clock.run(2_000, 500)
    clock.step(-3_600_000)
    await clock.run(LINGER + 1_000, 500)
    expect(plane.names()).toEqual([])
  })

  it('fifty who ask for a camera that does not answer wait for one try, and all are told within 10 s', async () => {
    plane.open_['gate/sub'] = 'never'
    const asked = Promise.allSettled(
      Array.from({ length: 50 }, (_, index) => running.service.start('gate', { user: `u${index}` })),
    )
    await clock.run(10_000, 500)
    const outcomes = await asked
    expect(plane.opens).toBe(1)
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'VMS_E_STREAM_UNAVAILABLE' } })
    await clock.run(LINGER + 2_000, 500)
    expect([plane.names(), running.service.viewers()]).toEqual([[], []])
  })

  it('browsers get main by WebRTC where the sub-stream does not suit that, and are told why', async () => {
    mediamtx = { webrtc: '127.0.0.1:8889' }
    plane.open_['gate/sub'] = { ...opened, codec: 'h265' }
    const result = await running.service.start('gate', { user: 'anna', protocol: 'webrtc' })
    expect(result).toMatchObject({ stream: { stream: 'main' }, note: expect.stringContaining('sub: it is H.265') })
    expect((await running.service.start('gate', { user: 'anna' })).stream.stream).toBe('sub')
    plane.open_['hall/sub'] = plane.open_['hall/main'] = { ...opened, bFrames: true }
    await expect(running.service.start('hall', { user: 'anna', protocol: 'webrtc' })).rejects.toMatchObject({
      code: 'VMS_E_STREAM_UNSUITABLE',
      message: expect.stringMatching(/sub: it has B-frames.*main: it has B-frames/),
    })
    expect(running.service.viewers({ camera: 'hall' })).toEqual([])
    expect(await running.service.start('hall', { user: 'anna', protocol: 'hls' })).toMatchObject({ note: null })
  })

  it('a connect counts until its viewer comes, and then the viewer does', async () => {
    const { id, protocol, url, token } = await running.service.connect({ camera: 'gate', user: 'cleo', client: 'wall' })
    expect([protocol, url.includes(token)]).toEqual(['hls', false])
    expect(running.service.viewers()).toMatchObject([{ id, state: 'expected', connection: id }])
    plane.watching = [session({ user: 'cleo', token: 'jti-1' })]
    await clock.run(60_000, 1_000)
    expect(running.service.viewers()).toMatchObject([{ id: 's1', state: 'watching', connection: id, client: 'wall' }])
    plane.watching = []
    await clock.run(LINGER - 2_000, 500)
    expect(plane.names()).toEqual(['gate/sub'])
    await clock.run(4_000, 500)
    expect(plane.names()).toEqual([])
  })

  it('MediaMTX that pulls a stream is nobody', async () => {
    plane.watching = [session({ relay: true })]
    await clock.run(5_000, 500)
    expect([plane.names(), running.service.viewers()]).toEqual([[], []])
  })
})

describe('what somebody takes away under live streams', () => {
  it('a camera that is taken out of the configuration is let go, and is not asked for any more', async () => {
    running.service.keep('gate', { by: 'root' })
    await running.service.start('hall', { user: 'anna', for: 3_600_000 })
    await clock.run(3_000, 500)
    expect(plane.names().sort()).toEqual(['gate/sub', 'hall/sub'])
    config = site([camera('yard')])
    plane.open_ = {
      'gate/sub': 'no media worker has the camera gate',
      'hall/sub': 'no media worker has the camera hall',
    }
    await clock.run(LINGER + 6_000, 500)
    expect([plane.names(), running.service.list()]).toEqual([[], []])
    const { opens } = plane
    await clock.run(60_000, 1_000)
    expect(plane.opens).toBe(opens)
    // It is meant again when it is there again.
    config = whole
    plane.open_ = {}
    await clock.run(5_000, 500)
    expect(plane.names()).toEqual(['gate/sub'])
  })

  it('a sub-stream that is taken away, or comes, is not kept up beside what is kept now', async () => {
    warm = new Set(['gate'])
    running.service.keep('hall', { by: 'root', quality: 'sub' })
    await clock.run(3_000, 500)
    expect(plane.names().sort()).toEqual(['gate/sub', 'hall/sub'])
    config = site([camera('gate'), camera('hall'), camera('yard')])
    await clock.run(LINGER + 6_000, 500)
    expect(plane.names()).toEqual(['gate/main'])
    config = whole
    await clock.run(LINGER + 6_000, 500)
    expect(plane.names().sort()).toEqual(['gate/sub', 'hall/sub'])
  })

  it('viewers of a worker that does not come back are not counted for ever', async () => {
    plane.watching = [session()]
    await clock.run(3_000, 500)
    plane.away.add('gate')
    await clock.run(5_000, 500)
    expect(running.service.viewers()).toHaveLength(1)
    await clock.run(60_000 + LINGER, 500)
    expect([running.service.viewers(), plane.names()]).toEqual([[], []])
    expect(running.service.history({}).viewings[0]!.ended).not.toBeNull()
  })

  it('a server of viewers that does not answer holds nobody else up', async () => {
    let answer: (sessions: never[]) => void = () => {}
    const slow = () => new Promise<never[]>(resolve => (answer = resolve))
    await running.control.end()
    sources = [{ name: 'slow', list: slow, end: async () => false }]
    running = begin()
    plane.watching = [session()]
    await clock.run(6_000, 500)
    expect(plane.names()).toEqual(['gate/sub'])
    plane.watching = []
    await clock.run(LINGER + 5_000, 500)
    expect(plane.names()).toEqual([])
    answer([])
  })

  it('one who fails to get a stream for browsers leaves the lease alone that the same user renewed for RTSP', async () => {
    mediamtx = { webrtc: '127.0.0.1:8889' }
    plane.open_['gate/main'] = plane.open_['gate/sub'] = { ...opened, codec: 'h265' }
    const [browser, player] = await Promise.allSettled([
      running.service.start('gate', { user: 'anna', protocol: 'webrtc', quality: 'sub' }),
      running.service.start('gate', { user: 'anna', protocol: 'rtsp', quality: 'sub' }),
    ])
    expect([browser!.status, player!.status]).toEqual(['rejected', 'fulfilled'])
    expect(running.service.viewers()).toMatchObject([{ user: 'anna', state: 'expected' }])
  })

  it('a clock that is set makes a lease neither longer nor shorter', async () => {
    await running.service.start('gate', { user: 'anna', for: 600_000 })
    await clock.run(3_000, 500)
    clock.step(-3_600_000)
    await clock.run(3_000, 500)
    expect(running.service.viewers()).toHaveLength(1)
    clock.step(2 * 3_600_000)
    await clock.run(3_000, 500)
    expect(running.service.viewers()).toHaveLength(1)
    expect(running.service.stop('gate', { user: 'anna' }).released).toBe(1)
    await clock.run(LINGER + 3_000, 500)
    expect(plane.names()).toEqual([])
    await running.service.start('gate', { user: 'ben', for: 60_000 })
    clock.step(-3_600_000)
    await clock.run(62_000, 500)
    expect(running.service.viewers()).toEqual([])
  })
})

describe('another daemon', () => {
  it('goes on with what is wanted: leases with what is left of them, keeps, and who watches', async () => {
    await running.service.start('gate', { user: 'anna', for: 60_000 })
    running.service.keep('yard', { by: 'root' })
    plane.watching = [session({ camera: 'hall' })]
    await clock.run(5_000, 500)
    const since = running.service.status('hall')[0]!.since
    await running.control.end()
    plane.held = []
    await clock.run(10_000, 1_000)
    running = begin()
    expect(plane.names().sort()).toEqual(['gate/sub', 'hall/sub', 'yard/main'])
    await clock.run(2_000, 500)
    expect(running.service.list().map(({ state }) => state)).toEqual(['running', 'running', 'running'])
    expect(running.service.status('hall')[0]!.since).toBe(since)
    await clock.run(60_000 + LINGER, 1_000)
    expect(plane.names().sort()).toEqual(['hall/sub', 'yard/main'])
    expect(running.service.history({}).viewings).toMatchObject([{ camera: 'hall', ended: null }])
  })

  it('that comes late starts nothing for nobody, and ends in the history what ended meanwhile', async () => {
    plane.watching = [session()]
    await clock.run(5_000, 500)
    const last = clock.wall()
    await running.control.end()
    plane.held = []
    plane.watching = []
    await clock.run(600_000, 10_000)
    running = begin()
    expect(plane.names()).toEqual([])
    await clock.run(20_000, 1_000)
    expect([plane.names(), plane.opens]).toEqual([[], 1])
    const [viewing] = running.service.history({}).viewings
    expect(viewing).toMatchObject({ how: 'ended while no daemon ran' })
    expect(Math.abs(viewing!.ended! - last)).toBeLessThanOrEqual(1_000)
  })

  it('that comes late finds a viewer that stayed, and since when its stream has been up', async () => {
    plane.watching = [session()]
    await clock.run(5_000, 500)
    const { since } = running.service.status('gate')[0]!
    await running.control.end()
    await clock.run(600_000, 10_000)
    running = begin()
    await clock.run(2_000, 500)
    expect(running.service.status('gate')[0]).toMatchObject({ state: 'running', since, viewers: 1 })
    expect(plane.names()).toEqual(['gate/sub'])
  })
})
