import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sleep, systemClock } from '../../src/kernel/clock.ts'
import { spawnVirtualCameras, type VirtualCamerasProcess } from '../../src/media/virtual/index.ts'
import { readIdentity } from '../../src/process/index.ts'
import type { ConnectResult, StreamReport, ViewerProtocol, Viewing } from '../../src/streaming/index.ts'
import { hasChromium } from '../support/browser-player.ts'
import { HlsViewer, type LiveViewer, RtspViewer, WhepViewer, watchOn } from '../support/live-viewers.ts'
import { hasProgram } from '../support/programs.ts'
import { freePorts } from '../support/relay.ts'
import { TestSite } from '../support/test-site.ts'
import { vmsctl } from '../support/vmsctl.ts'

const present = hasProgram('mediamtx', ['--version']) && hasProgram('ffmpeg') && hasChromium()

describe.skipIf(!present)('viewers through a real MediaMTX (mediamtx, ffmpeg, chromium)', () => {
  const site = new TestSite()
  const env = { VMSCTL_STATE_DIR: site.stateDir, VMS_CONFIG: site.config }
  let cameras: VirtualCamerasProcess
  const viewers: LiveViewer[] = []

  const json = async <T>(...args: string[]): Promise<T> => {
    const { code, out, err } = await vmsctl([...args, '--json'], env)
    if (code !== 0) throw new Error(`${args.join(' ')} exited with ${code}: ${out}${err}`)
    return JSON.parse(out) as T
  }
  const connect = (camera: string, protocol: ViewerProtocol, user: string) =>
    json<ConnectResult>('viewer', 'connect', camera, '--protocol', protocol, '--user', user, '--client', 'test')
  const sub = async (camera: string): Promise<StreamReport> => (await site.client.live.stream(camera))[0]!
  const sessions = async (camera: string, stream = 'sub') => {
    const { streams } = await cameras.client.statistics()
    return streams.find(each => each.camera === camera && each.stream === stream)!.sessions
  }
  const relay = async () => (await site.status()).relay
  const seen = (user: string) =>
    site.until(`${user} is seen`, async () =>
      (await site.client.live.viewers({ user })).find(({ state, bytes }) => state === 'watching' && bytes > 0),
    )
  const keep = <T extends LiveViewer>(viewer: T): T => {
    viewers.push(viewer)
    return viewer
  }

  beforeAll(async () => {
    cameras = await spawnVirtualCameras({ count: 7, main: 500_000, sub: 300_000, gop: 25 })
    site.defer(() => cameras.stop())
    const entry = (id: string, more: string) =>
      `{ id: ${id}, main: "${cameras.url}/${id}/main", sub: "${cameras.url}/${id}/sub", ${more} }`
    const [api, auth, rtsp, webrtc, udp, hls] = await freePorts(6)
    site.write(
      [
        ...[1, 2, 3, 4, 5].map(number => entry(`cam-00${number}`, 'record: never')),
        entry('cam-006', 'record: never, linger: 2s'),
        entry('cam-007', 'record: true, linger: 2s'),
      ],
      [
        'mediamtx:',
        ...['  run: always', `  api: "127.0.0.1:${api}"`, `  auth: "127.0.0.1:${auth}"`],
        `  rtsp: ${rtsp}\n  webrtc: ${webrtc}\n  webrtc_udp: ${udp}\n  hls: ${hls}\n  rtmp: 0`,
        '  ice_servers: ["stun:127.0.0.1:9"]',
      ],
    )
    await site.start()
    await site.until('MediaMTX runs', async () => (await relay())?.state === 'running')
  }, 60_000)
  afterAll(async () => {
    for (const viewer of viewers) await viewer.vanish().catch(() => {})
    await site[Symbol.asyncDispose]()
  }, 60_000)

  it('says where MediaMTX serves, and hands out its URLs, with the token in none that is HTTP', async () => {
    const { out } = await vmsctl(['daemon', 'status'], env)
    expect(out).toMatch(/MediaMTX 1\.\d+\.\d+ runs for .*: pid \d+, rtsp 127\.0\.0\.1:\d+, webrtc .*, hls /)
    const { doors, pid } = (await relay())!
    expect(pid).toBeGreaterThan(1)
    const webrtc = await connect('cam-006', 'webrtc', 'urls')
    expect(webrtc).toMatchObject({
      by: 'mediamtx',
      url: `http://${doors.webrtc}/live/cam-006/whep`,
      iceServers: [{ urls: 'stun:127.0.0.1:9' }],
    })
    const hls = await connect('cam-006', 'hls', 'urls')
    expect(hls.url).toBe(`http://${doors.hls}/live/cam-006/index.m3u8`)
    const rtsp = await connect('cam-006', 'rtsp', 'urls')
    expect(rtsp.url).toBe(`rtsp://${doors.rtsp}/live/cam-006?token=${rtsp.token}`)
  })

  it('a stream ends 30 to 33 s after its last viewer has left, by whatever way it came', async () => {
    const start = {
      'cam-001': async () => {
        const { url } = await connect('cam-001', 'rtsp', 'rtsp')
        return keep(new RtspViewer(url))
      },
      'cam-002': async () => {
        const { url, token } = await connect('cam-002', 'webrtc', 'whep')
        return keep(await WhepViewer.start(url, token))
      },
      'cam-003': async () => {
        const { url, token } = await connect('cam-003', 'webrtc', 'lost')
        return keep(await WhepViewer.start(url, token))
      },
      'cam-004': async () => {
        const { url, token } = await connect('cam-004', 'hls', 'hls')
        return keep(new HlsViewer(url, token))
      },
      'cam-005': async () => {
        const { token } = await connect('cam-005', 'hls', 'own')
        const { urls } = await sub('cam-005')
        return keep(new HlsViewer(urls.find(({ protocol, by }) => protocol === 'hls' && by === 'gateway')!.url, token))
      },
    }
    const watch = async ([camera, begin]: [string, () => Promise<LiveViewer>]) => {
      const viewer = await begin()
      await watchOn(viewer, 3)
      const user = { 'cam-001': 'rtsp', 'cam-002': 'whep', 'cam-003': 'lost', 'cam-004': 'hls', 'cam-005': 'own' }[
        camera
      ]!
      expect(await seen(user)).toMatchObject({ camera, stream: 'sub', client: 'test' })
      expect(await sub(camera)).toMatchObject({ state: 'running', viewers: 1, sessions: 1 })
      await watchOn(viewer, 5)
      const left = await (viewer instanceof WhepViewer && camera === 'cam-002' ? viewer.leave() : viewer.vanish())
      const { ended } = await site.until(
        `${camera} is let go`,
        async () => (await sessions(camera)).find(session => session.ended !== null),
        45,
      )
      // One connection, for the viewer and for MediaMTX together.
      expect(await sessions(camera)).toHaveLength(1)
      return [camera, (ended! - left) / 1_000] as const
    }
    const took = Object.fromEntries(await Promise.all(Object.entries(start).map(watch)))
    console.log('seconds from the last viewer to the end of the stream', took)
    for (const seconds of Object.values(took)) {
      expect(seconds).toBeGreaterThanOrEqual(30)
      expect(seconds).toBeLessThan(33)
    }
  }, 120_000)

  it('ends a viewer that is disconnected, and one whose token is taken back, within 10 s', async () => {
    const first = await connect('cam-006', 'webrtc', 'anna')
    const anna = keep(await WhepViewer.start(first.url, first.token))
    await watchOn(anna, 10)
    await seen('anna')
    const gone = async () => (await anna.state()) !== 'connected'
    expect((await vmsctl(['viewer', 'disconnect', first.id], env)).out).toContain('1 session ended')
    await site.until('her browser is told', gone, 10)
    await expect(WhepViewer.start(first.url, first.token)).rejects.toThrow('401')

    const second = await connect('cam-006', 'rtsp', 'ben')
    const ben = keep(new RtspViewer(second.url))
    await watchOn(ben, 10)
    await json('token', 'revoke', '--user', 'ben')
    const revoked = systemClock.monotonic()
    await site.until('his player ends', async () => !ben.running, 10)
    console.log('seconds from revoking to the end', (systemClock.monotonic() - revoked) / 1_000)
    await site.until('nobody is left', async () => (await site.client.live.viewers({ camera: 'cam-006' })).length === 0)
    const { viewings } = await json<{ viewings: Viewing[] }>('viewer', 'history', '--user', 'anna')
    expect(viewings[0]).toMatchObject({ protocol: 'webrtc', how: expect.stringContaining('disconnected by') })
    const { viewings: his } = await json<{ viewings: Viewing[] }>('viewer', 'history', '--user', 'ben')
    expect(his[0]).toMatchObject({ protocol: 'rtsp', how: 'its token was taken back' })
    const logs = JSON.stringify(await site.client.logs(undefined, 5_000))
    expect([first, second].some(({ token }) => logs.includes(token))).toBe(false)
  }, 90_000)

  it('is back within seconds when it is killed, and recording does not notice', async () => {
    await site.recording(['cam-007'])
    const from = Date.now()
    const before = await relay()
    process.kill(before!.pid!, 'SIGKILL')
    const killed = systemClock.monotonic()
    await site.until('it is seen to be gone', async () => (await relay())?.state !== 'running', 10)
    await site.until('it runs again', async () => (await relay())?.state === 'running', 20)
    console.log('seconds from kill -9 of MediaMTX until it runs again', (systemClock.monotonic() - killed) / 1_000)
    const after = await relay()
    expect(after).toMatchObject({ restarts: before!.restarts + 1, trouble: null })
    const { url, token } = await connect('cam-007', 'webrtc', 'again')
    const viewer = keep(await WhepViewer.start(url, token))
    await watchOn(viewer, 10)
    await viewer.leave()
    expect(await sessions('cam-007', 'main')).toMatchObject([{ ended: null }])
    await sleep(systemClock, 3_000)
    const to = Date.now() - 2_000
    await site.written(Date.now(), ['cam-007'])
    const verdict = await site.verify(cameras, { camera: 'cam-007', from, to })
    expect(verdict.streams).toMatchObject([{ camera: 'cam-007', stream: 'main', missing: 0, gaps: [] }])
  }, 90_000)

  it('goes on when the daemon is killed, and the next one takes it over: who watches notices nothing', async () => {
    const { url, token, id } = await connect('cam-006', 'webrtc', 'cleo')
    const cleo = keep(await WhepViewer.start(url, token))
    await watchOn(cleo, 10)
    await seen('cleo')
    const { pid } = (await relay())!
    const made = (await sessions('cam-006')).length
    await site.killDaemon()
    await watchOn(cleo, 75)
    await site.start()
    await site.until('MediaMTX is taken over', async () => (await relay())?.state === 'running', 20)
    expect((await relay())!.pid).toBe(pid)
    expect(await seen('cleo')).toMatchObject({ protocol: 'webrtc', client: 'test', connection: id })
    // Longer than her stream's linger: it is she who keeps it up.
    await watchOn(cleo, 120)
    expect(await cleo.state()).toBe('connected')
    expect(await sessions('cam-006')).toHaveLength(made)
    await json('token', 'revoke', '--user', 'cleo')
    await site.until('she is sent away', async () => (await cleo.state()) !== 'connected', 10)
    await site.until(
      'her stream ends',
      async () => (await sessions('cam-006')).every(({ ended }) => ended !== null),
      15,
    )
    await site.stop()
    expect(readIdentity(pid!)).toBeUndefined()
  }, 120_000)
})
