import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sleep, systemClock } from '../../src/kernel/clock.ts'
import { spawnVirtualCameras, type VirtualCamerasProcess } from '../../src/media/virtual/index.ts'
import { hasChromium, withPage } from '../support/browser-player.ts'
import { type LiveViewer, RtspViewer, watchOn } from '../support/live-viewers.ts'
import { hasProgram } from '../support/programs.ts'
import { freePorts, startRelay } from '../support/relay.ts'
import { TestSite, type TestSiteOptions } from '../support/test-site.ts'
import { vmsctl } from '../support/vmsctl.ts'

const present = hasProgram('mediamtx', ['--version']) && hasProgram('ffmpeg')
/** An address of this machine that is not loopback. */
const own = Object.values(networkInterfaces())
  .flatMap(all => all ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address

describe.skipIf(!present)('a site and its MediaMTX (mediamtx, ffmpeg)', () => {
  let cameras: VirtualCamerasProcess
  let site: TestSite
  const viewers: LiveViewer[] = []

  beforeAll(async () => {
    cameras = await spawnVirtualCameras({ count: 3, main: 500_000, sub: 300_000, gop: 25 })
  })
  afterEach(async () => {
    for (const viewer of viewers.splice(0)) await viewer.vanish()
    await site?.[Symbol.asyncDispose]()
  }, 60_000)
  afterAll(() => cameras.stop())

  const entry = (id: string) =>
    `{ id: ${id}, main: "${cameras.url}/${id}/main", sub: "${cameras.url}/${id}/sub", record: never, linger: 2s }`
  const section = async (over: Record<string, unknown> = {}) => {
    const [api, auth, rtsp, webrtc, udp] = await freePorts(5)
    const at = (port: number | undefined) => `127.0.0.1:${port}`
    const ports = { api: at(api), auth: at(auth), rtsp, webrtc, webrtc_udp: udp, hls: 0, rtmp: 0 }
    return { run: 'always', ...ports, ...over }
  }
  const write = (ids: readonly string[], mediamtx: object, more: readonly string[] = []) =>
    site.write(ids.map(entry), [`mediamtx: ${JSON.stringify(mediamtx)}`, ...more])
  const start = async (
    ids: readonly string[],
    mediamtx: object,
    options: TestSiteOptions = {},
    more: string[] = [],
  ) => {
    site = new TestSite(options)
    write(ids, mediamtx, more)
    await site.start()
  }
  const relay = async () => (await site.status()).relay
  const runs = () =>
    site.until('MediaMTX runs', async () => {
      const found = await relay()
      return found?.state === 'running' && found
    })
  const watch = async (camera: string, user: string) => {
    const connection = await site.client.live.connect({ camera, user, protocol: 'rtsp' })
    const viewer = new RtspViewer(connection.url)
    viewers.push(viewer)
    await watchOn(viewer, 3)
    return { viewer, connection }
  }

  it('one that is not found is told where it is wanted, and is no trouble where it is not', async () => {
    const settings = await section({ program: '/nowhere/mediamtx' })
    await start(['cam-001'], settings)
    const { notes } = await site.until('it is told', async () => {
      const status = await site.status()
      return status.notes.length > 0 && status
    })
    expect(notes[0]).toMatch(
      /MediaMTX does not serve viewers: \/nowhere\/mediamtx is no program; https:.*program: PATH/,
    )
    expect(await relay()).toMatchObject({ state: 'missing', pid: null })
    write(['cam-001'], { ...settings, run: 'auto' })
    await site.client.reload()
    await site.until('it is no trouble', async () => (await site.status()).notes.length === 0)
    expect(await relay()).toBeNull()
    expect((await site.client.live.connect({ camera: 'cam-001', user: 'a', protocol: 'rtsp' })).by).toBe('gateway')
  }, 60_000)

  it('a port that is taken is told with its key, its own and ours, and had when it is free', async () => {
    const [taken, other] = [createServer(), createServer()]
    for (const server of [taken, other]) await once(server.listen(0, '127.0.0.1'), 'listening')
    const portOf = (server: typeof taken) => (server.address() as { port: number }).port
    const told = (pattern: RegExp) =>
      site.until(`${pattern} is told`, async () => (await site.status()).notes.some(note => pattern.test(note)))
    await start(['cam-001'], await section({ auth: `127.0.0.1:${portOf(taken)}`, rtsp: portOf(other) }))
    await told(
      /port \d+, where it asks who may watch, is taken by another program; mediamtx: \{ auth: "127.0.0.1:PORT"/,
    )
    const { out } = await vmsctl(['status'], { VMSCTL_STATE_DIR: site.stateDir, VMS_CONFIG: site.config })
    expect(out).toContain('! MediaMTX does not serve viewers: port ')
    taken.close()
    await told(/port \d+ is taken by another program; mediamtx: \{ rtsp: PORT \} names another/)
    other.close()
    await runs()
    expect((await site.status()).notes).toEqual([])
  }, 90_000)

  it('a camera that comes with a reload is served beside those who watch; another section is another MediaMTX', async () => {
    const settings = await section()
    await start(['cam-001'], settings)
    const { pid } = await runs()
    const { viewer } = await watch('cam-001', 'anna')
    write(['cam-001', 'cam-002'], settings)
    await site.client.reload()
    await watch('cam-002', 'ben')
    await watchOn(viewer, 10)
    expect(await relay()).toMatchObject({ pid, restarts: 0 })
    write(['cam-001', 'cam-002'], { ...settings, webrtc: 0, webrtc_udp: 0 })
    await site.client.reload()
    const next = await site.until('another one runs', async () => {
      const found = await relay()
      return found?.state === 'running' && found.pid !== pid && found
    })
    expect(next.doors).toMatchObject({ webrtc: null, rtsp: `127.0.0.1:${settings.rtsp}` })
  }, 60_000)

  it('a viewer that comes with a token of its own is counted, and refused beyond the limits', async () => {
    const limits = ['viewing: { listen: "127.0.0.1:0", limits: { viewers_per_stream: 1 } }']
    await start(['cam-001'], await section(), {}, limits)
    const { doors } = await runs()
    const env = { VMSCTL_STATE_DIR: site.stateDir, VMS_CONFIG: site.config }
    const token = async (user: string) =>
      JSON.parse(
        (await vmsctl(['token', 'create', '--user', user, '--camera', 'cam-001', '--for', '1h', '--json'], env)).out,
      ).token as string
    const [first, second] = [await token('anna'), await token('ben')]
    // The daemon sees within two seconds what a command wrote.
    await sleep(systemClock, 2_000)
    const anna = new RtspViewer(`rtsp://${doors.rtsp}/live/cam-001?token=${first}`)
    viewers.push(anna)
    await watchOn(anna, 3)
    await site.until('anna is counted', async () => (await site.client.live.viewers())[0]?.state === 'watching')
    expect(await site.client.live.viewers()).toMatchObject([{ user: 'anna', protocol: 'rtsp', connection: null }])
    const ben = new RtspViewer(`rtsp://${doors.rtsp}/live/cam-001?token=${second}`)
    viewers.push(ben)
    await site.until('ben is refused', async () => !ben.running, 15)
    const said = (await site.client.logs(undefined, 200)).lines.map(({ message }) => message)
    expect(said).toContainEqual(expect.stringMatching(/refused: cam-001\/sub has 1 viewers, and 1 are allowed/))
    expect(anna.running).toBe(true)
  }, 60_000)

  it.skipIf(own === undefined)(
    'is served by a gateway that listens at an address of the machine alone',
    async () => {
      const [port] = await freePorts(1)
      await start(['cam-001'], await section(), { gateway: `listen: "${own}:${port}"` })
      await runs()
      await watch('cam-001', 'anna')
      const all = await site.client.live.viewers()
      expect(all).toMatchObject([{ user: 'anna', protocol: 'rtsp', address: '127.0.0.1' }])
    },
    60_000,
  )

  it.skipIf(!hasChromium())(
    'shows the watch page WebRTC where nobody at this machine needs a token',
    async () => {
      await start(['cam-001'], await section())
      await runs()
      const address = await site.until('the page is served', async () => (await site.status()).workers[0]?.viewing)
      await withPage(async page => {
        await page.goto(`http://${address}/watch`)
        await page.click('[data-camera="cam-001"]')
        await page.waitForSelector('#protocol[data-protocol="webrtc"]', { timeout: 20_000 })
        await page.waitForSelector('#poster', { state: 'hidden', timeout: 15_000 })
        const seen = await site.until('it is listed', async () =>
          (await site.client.live.viewers()).find(({ bytes }) => bytes > 0),
        )
        expect(seen).toMatchObject({ user: 'local', protocol: 'webrtc', camera: 'cam-001' })
      })
    },
    60_000,
  )

  it('one that somebody else runs is attached to: its viewers are known and ended, and it is left running', async () => {
    const [gateway] = await freePorts(1)
    const settings = await section()
    const attached = { ...settings, run: undefined, attach: { url: `http://${settings.api}`, credentials: 'relay' } }
    const more = ['credentials: { relay: { username: "steve", password: { env: RELAY_PASSWORD } } }']
    process.env.RELAY_PASSWORD = 'of-the-api'
    site = new TestSite({ gateway: `listen: "127.0.0.1:${gateway}"` })
    write(['cam-001'], attached, more)
    const generated = await vmsctl(['mediamtx', 'generate', '--config', site.config], {})
    const dir = join(site.dir, 'theirs')
    mkdirSync(dir)
    await using theirs = await startRelay(dir, generated.out)
    await site.start()
    expect(await runs()).toMatchObject({ attached: `http://${settings.api}`, pid: null, notes: [] })
    const { viewer, connection } = await watch('cam-001', 'anna')
    const seen = await site.until('she is known', async () =>
      (await site.client.live.viewers()).find(({ state }) => state === 'watching'),
    )
    expect(seen).toMatchObject({ user: 'anna', protocol: 'rtsp', connection: connection.id })
    expect(await site.client.live.disconnect(connection.id, 'test')).toEqual({ ended: 1, revoked: true })
    await site.until('her player ends', async () => !viewer.running, 10)
    write(['cam-001', 'cam-003'], attached, more)
    await site.client.reload()
    await site.until('it lacks a path', async () => (await relay())?.notes[0]?.includes('it has no path live/cam-003'))
    await site.stop()
    expect(theirs.process.exitCode).toBeNull()
  }, 60_000)
})
