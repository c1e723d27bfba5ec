import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SiteConfig } from '../../src/config/index.ts'
import { sleep, systemClock } from '../../src/kernel/clock.ts'
import type { Logger } from '../../src/kernel/log.ts'
import { Admissions } from '../../src/streaming/mediamtx/auth/admissions.ts'
import type { TokenGrant } from '../../src/streaming/mediamtx/auth/judge.ts'
import { findRelay } from '../../src/streaming/mediamtx/find-program.ts'
import { Relay } from '../../src/streaming/mediamtx/relay.ts'
import { camera, site } from '../daemon/site.ts'
import { hasChromium } from '../support/browser-player.ts'
import { publish, type RunningProgram, startMediaMtx } from '../support/mediamtx.ts'
import { hasProgram } from '../support/programs.ts'
import { freePorts } from '../support/relay.ts'

const dir = mkdtempSync(join(tmpdir(), 'vms-relay-'))
const rest: (() => unknown)[] = [() => rmSync(dir, { recursive: true, force: true })]
afterAll(async () => {
  for (const end of rest.reverse()) await end()
})

/** In the gateway's place: a relay that has two sub-streams. */
let gateway: RunningProgram
const lines: string[] = []
const keep = (level: string) => (_: object, message: string) => void lines.push(`${level} ${message}`)
const log: Logger = {
  debug: keep('debug'),
  info: keep('info'),
  warn: keep('warn'),
  error: keep('error'),
  child: () => log,
}
const TOKENS: Record<string, TokenGrant> = {
  'token-of-anna': { user: 'anna', cameras: ['gate-1'], jti: 'j-anna', expires: 9e12 },
  'token-of-ben': { user: 'ben', cameras: ['*'], jti: 'j-ben', expires: 9e12 },
}

async function openRelay(over: Partial<SiteConfig['mediamtx']> = {}, name = 'a') {
  const [api, rtsp, hls, auth] = (await freePorts(4)) as [number, number, number, number]
  const base = site([camera('gate-1', { sub: camera('x').main }), camera('gate-2', { sub: camera('x').main })])
  const settings = {
    ...base.mediamtx,
    api: { host: '127.0.0.1', port: api },
    auth: { host: '127.0.0.1', port: auth },
    ports: { rtsp, webrtc: 0, webrtcUdp: 0, hls, rtmp: 0 },
    ...over,
  }
  const config = { ...base, mediamtx: settings, gateway: { ...base.gateway, port: gateway.port } }
  const relay = await Relay.open({
    site: config,
    program: (await findRelay('mediamtx', process.env))!,
    dir: join(dir, name),
    listening: {},
    admissions: new Admissions(),
    verify: async token => TOKENS[token] ?? { fault: 'malformed' },
    clock: systemClock,
    random: () => 0,
    env: {},
    log,
  })
  const server = serve({ fetch: relay.auth.fetch, port: auth, hostname: '127.0.0.1' })
  rest.push(
    () => new Promise(resolve => server.close(resolve)),
    () => relay.stop(),
  )
  return { relay, config, rtsp, hls, api }
}

async function until(what: string, look: () => boolean | Promise<boolean>, seconds = 20): Promise<void> {
  for (const end = performance.now() + seconds * 1_000; performance.now() < end; await sleep(systemClock, 50))
    if (await look()) return
  throw new Error(`not in ${seconds} s: ${what}\n${lines.slice(-20).join('\n')}`)
}

/** A player by RTSP; tells the frames that it has got. */
function play(url: string): { frames(): number; child: ChildProcess; stop(): Promise<void> } {
  const argv = [
    '-nostdin',
    '-loglevel',
    'error',
    '-progress',
    'pipe:1',
    '-stats_period',
    '0.1',
    '-rtsp_transport',
    'tcp',
  ]
  const child = spawn('ffmpeg', [...argv, '-i', url, '-c', 'copy', '-f', 'null', '-'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let frames = 0
  child.stdout.setEncoding('utf8').on('data', text => {
    for (const [, count] of text.matchAll(/frame=(\d+)/g)) frames = Number(count)
  })
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  rest.push(stop)
  return { frames: () => frames, child, stop }
}

const present = hasProgram('mediamtx', ['--version']) && hasProgram('ffmpeg')
describe.skipIf(!present)('a MediaMTX of our own', () => {
  beforeAll(async () => {
    gateway = await startMediaMtx(dir)
    rest.push(() => gateway.stop())
    for (const name of ['gate-1', 'gate-2']) {
      const source = [
        '-re',
        '-f',
        'lavfi',
        '-i',
        'testsrc=size=160x120:rate=10',
        '-c:v',
        'libx264',
        '-preset',
        'ultrafast',
        '-pix_fmt',
        'yuv420p',
        '-g',
        '10',
      ]
      const publisher = publish(source, `rtsp://127.0.0.1:${gateway.port}/${name}/sub`)
      rest.push(() => publisher.stop())
    }
  })

  it('serves whoever has a token, tells who watches, ends sessions, and changes one path beside the others', async () => {
    const { relay, config, rtsp, hls, api } = await openRelay()
    relay.start()
    await until('it runs', () => relay.status.state === 'running')
    const file = join(dir, 'a/mediamtx.yml')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect((await fetch(`http://127.0.0.1:${api}/v3/paths/list`)).status).toBe(401)
    expect(await relay.sessions.list()).toEqual([])

    const anna = play(`rtsp://x:token-of-anna@127.0.0.1:${rtsp}/live/gate-1`)
    await until('anna sees pictures', () => anna.frames() > 3)
    const [session] = await relay.sessions.list()
    expect(session).toMatchObject({
      camera: 'gate-1',
      stream: 'sub',
      protocol: 'rtsp',
      user: 'anna',
      token: 'j-anna',
      relay: false,
    })
    expect(session).toMatchObject({ address: '127.0.0.1', client: expect.stringContaining('Lavf') })
    expect(Math.abs(session!.connectedAt - Date.now())).toBeLessThan(20_000)
    expect(session!.bytes).toBeGreaterThan(0)

    // HLS: the token goes as a bearer, and never in the URL.
    const playlist = `http://127.0.0.1:${hls}/live/gate-1/index.m3u8`
    const status = async (headers: Record<string, string>) => {
      // It asks first whether cookies are kept.
      const first = await fetch(playlist, { headers, redirect: 'manual' })
      const cookie = first.headers
        .getSetCookie()
        .map(text => text.split(';')[0])
        .join('; ')
      const location = new URL(first.headers.get('location') ?? '', playlist)
      return (await fetch(location, { headers: { ...headers, cookie } })).status
    }
    expect(await status({})).toBe(401)
    expect(await status({ authorization: 'Bearer token-of-anna' })).toBe(200)
    const watching = await relay.sessions.list()
    expect(watching.map(({ protocol, user }) => `${user} ${protocol}`).sort()).toEqual(['anna hls', 'anna rtsp'])
    expect(await relay.sessions.end(watching.find(({ protocol }) => protocol === 'hls')!.id)).toBe(true)

    // A camera comes, another goes: only its own paths change, and anna's player notices nothing.
    const before = anna.frames()
    const cameras = [config.cameras[0]!, camera('gate-3')]
    const diff = await relay.reconfigure({ ...config, cameras })
    expect(diff).toMatchObject({
      server: [],
      added: ['live/gate-3', 'main/gate-3'],
      changed: [],
      removed: ['live/gate-2', 'main/gate-2'],
    })
    expect(await relay.reconfigure({ ...config, cameras })).toMatchObject({ added: [], changed: [], removed: [] })
    await until('anna sees more pictures', () => anna.frames() > before + 20)
    expect((await relay.sessions.list()).find(({ user }) => user === 'anna')?.id).toBe(session!.id)

    expect(await relay.sessions.end(session!.id)).toBe(true)
    await until('her player ends', () => anna.child.exitCode !== null)
    expect(await relay.sessions.end(session!.id)).toBe(false)
    expect(await relay.sessions.end('no-such-id')).toBe(false)

    // A token for one camera opens no other.
    const other = play(`rtsp://x:token-of-anna@127.0.0.1:${rtsp}/main/gate-3`)
    await until('it is refused', () => other.child.exitCode !== null)
    expect(lines.join('\n')).toContain('refused: the token is for other cameras')
    expect(lines.join('\n') + readFileSync(file, 'utf8')).not.toMatch(/token-of-/)
    await relay.stop()
    expect(relay.status).toMatchObject({ state: 'stopped', exits: 0 })
  })

  it('is started again when it dies', async () => {
    const { relay } = await openRelay({}, 'b')
    relay.start()
    await until('it runs', () => relay.status.state === 'running')
    const { pid } = relay.status
    process.kill(pid!, 'SIGKILL')
    await until('it waits', () => relay.status.state === 'waiting')
    expect(relay.status).toMatchObject({ trouble: 'MediaMTX ended (signal SIGKILL)', exits: 1, flapping: false })
    await until('it runs again', () => relay.status.state === 'running' && relay.status.pid !== pid)
    await relay.stop()
  })

  it('says which port is taken, and by what key of vms.yaml it gets another', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as { port: number }
    const { relay } = await openRelay({ ports: { rtsp: port, webrtc: 0, webrtcUdp: 0, hls: 0, rtmp: 0 } }, 'c')
    relay.start()
    await until('it fails', () => relay.status.trouble !== null)
    expect(relay.status.trouble).toBe(
      `port ${port} is taken by another program; mediamtx: { rtsp: PORT } names another`,
    )
    taken.close()
    await until('it runs once the port is free', () => relay.status.state === 'running')
    await relay.stop()
  })

  it.skipIf(!hasChromium())(
    'shows pictures in a browser by WebRTC, on loopback, with the token as a bearer',
    async () => {
      const [webrtc, webrtcUdp, rtsp] = (await freePorts(3)) as [number, number, number]
      const { relay } = await openRelay({ ports: { rtsp, webrtc, webrtcUdp, hls: 0, rtmp: 0 } }, 'd')
      relay.start()
      await until('it runs', () => relay.status.state === 'running')
      const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
      rest.push(() => browser.close())
      const page = await browser.newPage()
      await page.goto(`http://127.0.0.1:${webrtc}/nothing`)
      const url = `http://127.0.0.1:${webrtc}/live/gate-1/whep`
      expect(await page.evaluate(watchByWhep, { url, token: 'no-token' })).toBe(-401)
      expect(await page.evaluate(watchByWhep, { url, token: 'token-of-ben' })).toBeGreaterThan(5)
      expect(await relay.sessions.list()).toMatchObject([{ camera: 'gate-1', protocol: 'webrtc', user: 'ben' }])
      await browser.close()
      const gone = Date.now()
      // MediaMTX has it on its list for half a minute more; the reports that show it is there have ended.
      for (let look = 0; look < 5; look++) {
        await sleep(systemClock, 1_000)
        await relay.sessions.list()
      }
      for (const { lastSeen } of await relay.sessions.list()) expect(lastSeen - gone).toBeLessThan(2_500)
      await relay.stop()
    },
  )
})

/** In the page: plays a stream by WHEP (RFC 9725), and gives the frames decoded by then, or the status that refused it, below 0. */
async function watchByWhep({ url, token }: { url: string; token: string }): Promise<number> {
  // biome-ignore lint/suspicious/noExplicitAny: the types of the browser are not those of Node.
  const { RTCPeerConnection } = globalThis as any
  const peer = new RTCPeerConnection()
  peer.addTransceiver('video', { direction: 'recvonly' })
  await peer.setLocalDescription(await peer.createOffer())
  while (peer.iceGatheringState !== 'complete') await new Promise(resolve => setTimeout(resolve, 20))
  const headers = { 'content-type': 'application/sdp', authorization: `Bearer ${token}` }
  const answer = await fetch(url, { method: 'POST', headers, body: peer.localDescription.sdp })
  if (answer.status !== 201) return -answer.status
  await peer.setRemoteDescription({ type: 'answer', sdp: await answer.text() })
  for (let look = 0; look < 200; look++) {
    for (const report of (await peer.getStats()).values()) if (report.framesDecoded > 5) return report.framesDecoded
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  return 0
}
