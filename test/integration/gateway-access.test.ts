import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { signToken } from '../../src/access/sign-token.ts'
import { sleep, systemClock } from '../../src/kernel/clock.ts'
import type { Logger } from '../../src/kernel/log.ts'
import { Gateway, type GatewayOptions } from '../../src/media/gateway/index.ts'
import { proxyLine } from '../../src/media/gateway/proxy-line.ts'
import { TokenGate, ViewerBook } from '../../src/media/viewers/index.ts'
import type { GatewaySettings } from '../../src/media/worker/protocol.ts'
import { grantOf, newKeys } from '../access/support.ts'
import { mediaSession, TestCamera } from '../media/gateway/support.ts'
import { RtspClient } from '../support/rtsp-client.ts'

const OPEN: GatewaySettings = { host: '0.0.0.0', port: 0, username: undefined, password: undefined, linger: 0 }
/** An address of this machine that is not loopback. */
const OUTSIDE = Object.values(networkInterfaces())
  .flat()
  .find(found => found?.family === 'IPv4' && !found.internal)?.address

const keys = newKeys()
const basic = (password: string) =>
  [['Authorization', `Basic ${Buffer.from(`u:${password}`).toString('base64')}`]] as const
let directory = ''
let token = ''
let brief = ''
const gateways: Gateway[] = []
const clients: RtspClient[] = []
/** Every line that was logged, with all its fields. */
let logged: string[] = []
const log: Logger = {
  debug: (fields, message) => void logged.push(JSON.stringify([fields, message])),
  info: (fields, message) => void logged.push(JSON.stringify([fields, message])),
  warn: (fields, message) => void logged.push(JSON.stringify([fields, message])),
  error: (fields, message) => void logged.push(JSON.stringify([fields, message])),
  child: () => log,
}

beforeAll(async () => {
  token = await signToken(grantOf(Date.now()), Date.now(), keys)
  const short = grantOf(Date.now(), { jti: 'brief', expires: Date.now() + 4_000 })
  brief = await signToken(short, Date.now(), keys)
})
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gateway-access-'))
  logged = []
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.socket.destroy()
  await Promise.all(gateways.splice(0).map(gateway => gateway.stop()))
  rmSync(directory, { recursive: true })
})

/** A worker's gateway with gate-1 and hall, and what its worker keeps beside it. */
async function serve(name: string, options: Partial<GatewayOptions> = {}) {
  const cameras = new Map(['gate-1', 'hall'].map(id => [id, new TestCamera()]))
  for (const [camera, each] of cameras) {
    each.begin(mediaSession({ camera }))
    each.video(3)
  }
  const tokens = new TokenGate(systemClock)
  tokens.apply({ keys: [keys.public], revoked: [] })
  const viewers = new ViewerBook(tokens)
  const gateway = new Gateway({
    directory: { find: (camera, stream) => (stream === 'main' ? cameras.get(camera)?.hub : undefined) },
    settings: OPEN,
    peers: [],
    socketPath: join(directory, `${name}.sock`),
    tokens,
    viewers,
    clock: systemClock,
    log,
    random: Math.random,
    ...options,
  })
  gateways.push(gateway)
  await gateway.start()
  const { port } = new URL(`rtsp://${gateway.status().listening}`)
  return { gateway, tokens, viewers, cameras, port }
}

function client(port: string, path: string, host = '127.0.0.1'): RtspClient {
  const made = new RtspClient(`rtsp://${host}:${port}${path}`)
  clients.push(made)
  return made
}

describe('a viewer', () => {
  it('plays with a token as password, and is listed by its name', async () => {
    const { port, viewers, cameras } = await serve('a')
    const viewer = client(port, '/gate-1/main')
    const described = await viewer.ask('DESCRIBE')
    expect([described.status, described.headers.get('WWW-Authenticate')]).toEqual([401, 'Basic realm="vmsctl"'])
    expect((await viewer.ask('DESCRIBE', '', basic(token))).status).toBe(200)
    const began = Date.now()
    viewer.onPacket = () => {}
    // Said once on this connection is enough.
    expect(await viewer.play()).toEqual([200, 200, 200])
    cameras.get('gate-1')!.video(20, 1_000)
    const [session] = viewers.sessions()
    expect(session).toMatchObject({
      camera: 'gate-1',
      stream: 'main',
      protocol: 'rtsp',
      transport: 'tcp',
      user: 'anna',
      token: 'token-1',
      address: '127.0.0.1',
      relay: false,
    })
    expect(session!.connectedAt).toBeGreaterThanOrEqual(began - 1_000)
    expect(session!.bytes).toBeGreaterThan(20_000)
    viewer.socket.destroy()
    for (let i = 0; i < 100 && viewers.sessions().length > 0; i++) await sleep(systemClock, 10)
    expect(viewers.sessions()).toEqual([])
  })

  it('that is one too many is told so, and MediaMTX is none', async () => {
    const { port, viewers } = await serve('a')
    viewers.limits = { viewersPerStream: 1, viewersPerUser: 16, bandwidth: 1e9 }
    const first = client(port, `/gate-1/main?token=${token}`)
    first.onPacket = () => {}
    expect(await first.play()).toEqual([200, 200, 200])
    const again = client(port, `/gate-1/main?token=${token}`)
    again.onPacket = () => {}
    expect(await again.play()).toEqual([200, 200, 200])
    const relay = client(port, '/gate-1/main?for=mediamtx')
    relay.onPacket = () => {}
    expect(await relay.play()).toEqual([200, 200, 200])
    const ben = await signToken(grantOf(Date.now(), { user: 'ben', jti: 'ben' }), Date.now(), keys)
    expect(await client(port, `/gate-1/main?token=${ben}`).play()).toEqual([200, 200, 453])
    expect(viewers.sessions()).toHaveLength(3)
  })

  it('plays with a token in the URL, which no log shows', async () => {
    const { port, viewers } = await serve('a')
    const viewer = client(port, `/gate-1/main?token=${token}`)
    const headers = [['User-Agent', `Player 1.0\t${'x'.repeat(300)}`]] as const
    expect((await viewer.ask('DESCRIBE', '', headers)).status).toBe(200)
    const setup = await viewer.ask('SETUP', '/trackID=0', [
      ...headers,
      ['Transport', 'RTP/AVP/TCP;unicast;interleaved=0-1'],
    ])
    const Session = setup.headers.get('Session')?.split(';')[0] ?? ''
    expect((await viewer.ask('PLAY', '', [['Session', Session]])).status).toBe(200)
    const [session] = viewers.sessions()
    expect(session).toMatchObject({ user: 'anna', client: expect.stringMatching(/^Player 1\.0 x{189}$/) })
    // A session's own id would let whoever reads the list steer it.
    expect(session!.id).not.toBe(Session)
    expect(viewers.end(session!.id, 'by request')).toBe(true)
    await viewer.closed
    expect(viewers.sessions()).toEqual([])
    expect(logged.join()).toContain('by request')
    expect(logged.join()).not.toContain(token.slice(0, 20))
  })

  it('is refused another camera, and a token that does not hold', async () => {
    const { port, tokens } = await serve('a')
    expect((await client(port, `/hall/main?token=${token}`).ask('DESCRIBE')).status).toBe(403)
    const viewer = client(port, `/gate-1/main?token=${token}`)
    expect((await viewer.ask('DESCRIBE')).status).toBe(200)
    // From now on it is somebody with that token, whatever the URL says.
    const other = new URL(viewer.url)
    other.pathname = '/hall/main'
    other.search = ''
    Object.assign(viewer, { url: other.href })
    expect((await viewer.ask('DESCRIBE')).status).toBe(403)
    tokens.apply({ keys: [keys.public], revoked: ['token-1'] })
    expect((await client(port, '/gate-1/main').ask('DESCRIBE', '', basic(token))).status).toBe(401)
    expect(logged.join()).toContain('token revoked')
  })

  it('is sent away when its token is revoked, and when it ends', async () => {
    const { port, tokens, viewers } = await serve('a')
    const long = client(port, `/gate-1/main?token=${token}`)
    const short = client(port, `/gate-1/main?token=${brief}`)
    const local = client(port, '/gate-1/main?for=mediamtx')
    for (const each of [long, short, local]) expect((await each.play()).at(-1)).toBe(200)
    const packets: Buffer[] = []
    long.onPacket = (channel, bytes) => channel === 1 && packets.push(bytes)
    tokens.apply({ keys: [keys.public], revoked: ['token-1'] })
    viewers.sweep()
    await long.closed
    expect(viewers.sessions().map(({ token: id, relay }) => [id, relay])).toEqual([
      ['brief', false],
      [null, true],
    ])
    for (let i = 0; i < 60 && viewers.sessions().length > 1; i++) {
      await sleep(systemClock, 100)
      viewers.sweep()
    }
    await short.closed
    expect(viewers.sessions()).toMatchObject([{ relay: true }])
    expect(logged.join()).toMatch(/token revoked.*token expired/)
  })
})

describe('a relay', () => {
  it.skipIf(OUTSIDE === undefined)('needs no token from this machine, by whichever of its addresses', async () => {
    const { port, viewers } = await serve('a')
    expect((await client(port, '/gate-1/main?for=mediamtx').play()).at(-1)).toBe(200)
    expect((await client(port, '/gate-1/main?for=mediamtx', OUTSIDE).play()).at(-1)).toBe(200)
    expect(viewers.sessions()).toMatchObject([
      { relay: true, user: null },
      { relay: true, user: null },
    ])
    // Whoever is none of ours needs one.
    const away = client(port, '/gate-1/main', OUTSIDE)
    expect((await away.ask('DESCRIBE')).status).toBe(401)
    expect((await away.ask('DESCRIBE', '', basic(token))).status).toBe(200)
  })

  it('is whoever the client is, behind another worker too', async () => {
    const far = await serve('b')
    const socket = join(directory, 'b.sock')
    const near = await serve('a', {
      directory: { find: () => undefined },
      peers: [{ socket, cameras: ['gate-1', 'hall'] }],
    })
    expect((await client(near.port, '/gate-1/main?for=mediamtx').play()).at(-1)).toBe(200)
    expect((await client(near.port, `/gate-1/main?token=${token}`).play()).at(-1)).toBe(200)
    expect((await client(near.port, `/hall/main?token=${token}`).ask('DESCRIBE')).status).toBe(403)
    expect(far.viewers.sessions().map(({ user, relay, address }) => [user, relay, address])).toEqual([
      [null, true, '127.0.0.1'],
      ['anna', false, '127.0.0.1'],
    ])
    // The same line from a worker that took somebody from the network.
    const answered = await new Promise<string>(resolve => {
      const handedOver = connect(socket)
      handedOver.write(
        proxyLine({ sourceAddress: '10.1.2.3', sourcePort: 5, destinationAddress: '10.1.2.1', destinationPort: 8654 }),
      )
      handedOver.write('DESCRIBE rtsp://nvr/gate-1/main?for=mediamtx RTSP/1.0\r\nCSeq: 1\r\n\r\n')
      handedOver.once('data', data => {
        handedOver.destroy()
        resolve(data.toString())
      })
    })
    expect(answered).toMatch(/^RTSP\/1\.0 401 /)
  })
})
