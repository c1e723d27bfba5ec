import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sleep, systemClock } from '../../src/kernel/clock.ts'
import { silentLogger } from '../../src/kernel/log.ts'
import { Gateway, type GatewayOptions } from '../../src/media/gateway/index.ts'
import { TokenGate, ViewerBook } from '../../src/media/viewers/index.ts'
import type { GatewaySettings } from '../../src/media/worker/protocol.ts'
import { emptyRtpHeader, parseRtpHeader } from '../../src/wire/rtp/index.ts'
import { mediaSession, TestCamera } from '../media/gateway/support.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { RtspClient } from '../support/rtsp-client.ts'

const SETTINGS: GatewaySettings = { host: '127.0.0.1', port: 0, username: undefined, password: undefined, linger: 0 }

let directory = ''
const gateways: Gateway[] = []
const clients: RtspClient[] = []

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gateway-workers-'))
})

afterEach(async () => {
  for (const client of clients.splice(0)) client.socket.destroy()
  await Promise.all(gateways.splice(0).map(gateway => gateway.stop()))
  rmSync(directory, { recursive: true })
})

/** A worker's gateway with these cameras; its Unix socket is `name`. */
function newGateway(name: string, cameras: Record<string, TestCamera>, options: Partial<GatewayOptions> = {}): Gateway {
  const tokens = new TokenGate(systemClock)
  const gateway = new Gateway({
    tokens,
    viewers: new ViewerBook(tokens),
    directory: { find: (camera, stream) => (stream === 'main' ? cameras[camera]?.hub : undefined) },
    settings: SETTINGS,
    peers: [],
    socketPath: socketOf(name),
    clock: systemClock,
    log: silentLogger,
    random: Math.random,
    ...options,
  })
  gateways.push(gateway)
  return gateway
}

const socketOf = (name: string) => join(directory, `${name}.sock`)

function client(gateway: Gateway, path: string): RtspClient {
  const made = new RtspClient(`rtsp://${gateway.status().listening}${path}`)
  clients.push(made)
  return made
}

/** Waits until `holds`, ten seconds at most. */
async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 1_000 && !holds(); i++) await sleep(systemClock, 10)
  expect(holds()).toBe(true)
}

/** Numbers of the frames that a client of a test camera gets. */
function frameNumbers(from: RtspClient): number[] {
  const numbers: number[] = []
  const header = emptyRtpHeader()
  from.onPacket = (channel, bytes) => {
    if (channel !== 0 || !parseRtpHeader(bytes, 0, bytes.length, header)) return
    const at = header.payloadStart
    const type = bytes[at]! & 31
    if (type === 1 || type === 5) numbers.push(bytes.readUInt32BE(at + 2))
    else if (type === 28 && bytes[at + 1]! & 0x80) numbers.push(bytes.readUInt32BE(at + 3))
  }
  return numbers
}

const counting = (first: number, end: number) => Array.from({ length: end - first }, (_, i) => first + i)

describe('one worker', () => {
  it('tells what is missing', async () => {
    const camera = new TestCamera()
    camera.begin()
    const gateway = newGateway('a', { gate: camera })
    await gateway.start()
    for (const [path, reason] of [
      ['/gate/sub', 'No sub-stream configured'],
      ['/gate', 'No such stream, use /CAMERA/main or /CAMERA/sub'],
      ['/other/main', 'No such camera'],
    ] as const)
      expect(await client(gateway, path).ask('DESCRIBE')).toMatchObject({ status: 404, reason })
  })

  it('says the trouble of a camera that does not come', async () => {
    const camera = new TestCamera()
    camera.hub.trouble = 'refused'
    const gateway = newGateway('a', { gate: camera })
    await gateway.start()
    expect(await client(gateway, '/gate/main').ask('DESCRIBE')).toMatchObject({ status: 503, reason: 'refused' })
    expect(camera.hub.readers).toBe(0)
  })

  it('demands a stream from DESCRIBE to the end of the connection', async () => {
    const demand: number[] = []
    const camera = new TestCamera(readers => demand.push(readers))
    const gateway = newGateway('a', { gate: camera })
    await gateway.start()
    const viewer = client(gateway, '/gate/main')
    const playing = viewer.play()
    await until(() => demand.at(-1) === 1)
    camera.begin()
    expect(await playing).toEqual([200, 200, 200])
    await until(() => gateway.status().readers === 1)
    // The reader's own demand begins before that of DESCRIBE ends.
    expect(demand).toEqual([1, 2, 1])
    viewer.socket.destroy()
    await until(() => demand.at(-1) === 0)
    expect(gateway.status().readers).toBe(0)
  })

  it('lets a stuck reader lose whole groups and gives the others everything', async () => {
    const camera = new TestCamera()
    camera.begin()
    camera.video(1, 100_000)
    const gateway = newGateway('a', { gate: camera })
    await gateway.start()
    const [stuck, good] = [client(gateway, '/gate/main'), client(gateway, '/gate/main')]
    await stuck.play()
    await good.play()
    const [late, all] = [frameNumbers(stuck), frameNumbers(good)]
    stuck.socket.pause()
    const end = 601
    for (let number = 1; number < end; number++) {
      camera.video(1, 100_000)
      await until(() => all.at(-1) === number)
    }
    expect(all).toEqual(counting(0, end).slice(-all.length))
    const dropped = gateway.totals('gate', 'main').dropped
    expect(dropped).toBeGreaterThan(100)
    stuck.socket.resume()
    await sleep(systemClock, 300)
    camera.video(20, 100)
    await until(() => late.at(-1) === end + 19)
    // Each counts from the first frame that it was there for.
    expect(late.length + gateway.totals('gate', 'main').dropped).toBe(end + 20 - late[0]!)
    // After each hole it goes on with a key frame: those are tens.
    const holes = late.filter((number, index) => index > 0 && number !== late[index - 1]! + 1)
    expect(holes.length).toBeGreaterThan(0)
    for (const number of holes) expect(number % 10).toBe(0)
  })

  it('closes a client that does not read for 30 s', async () => {
    const camera = new TestCamera()
    const clock = new FakeClock()
    camera.begin()
    const gateway = newGateway('a', { gate: camera }, { clock })
    await gateway.start()
    const stuck = client(gateway, '/gate/main')
    await stuck.play()
    stuck.socket.pause()
    for (let i = 0; i < 200; i++) {
      camera.video(1, 100_000)
      await sleep(systemClock, 1)
    }
    expect(gateway.totals('gate', 'main').dropped).toBeGreaterThan(0)
    clock.advance(25_000)
    expect(gateway.status().readers).toBe(1)
    clock.advance(10_000)
    expect(gateway.status().readers).toBe(0)
    expect(camera.hub.readers).toBe(0)
  })
})

describe('the port', () => {
  it('shows nothing to the network without a token or a login', async () => {
    const gateway = newGateway('a', {}, { settings: { ...SETTINGS, host: '0.0.0.0' } })
    await gateway.start()
    const asks = async (challenge: RegExp) => {
      expect(gateway.status()).toMatchObject({
        listening: expect.stringMatching(/^0\.0\.0\.0:\d+$/),
        trouble: undefined,
      })
      const { port } = new URL(`rtsp://${gateway.status().listening}`)
      const viewer = new RtspClient(`rtsp://127.0.0.1:${port}/gate/main`)
      clients.push(viewer)
      const answer = await viewer.ask('DESCRIBE')
      expect(answer).toMatchObject({ status: 401 })
      expect(answer.headers.get('WWW-Authenticate')).toMatch(challenge)
    }
    await asks(/^Basic /)
    await gateway.apply({ ...SETTINGS, host: '0.0.0.0', username: 'u', password: 'p' }, [])
    await asks(/^Digest /)
  })

  it('is taken as soon as it is free, and the trouble is told meanwhile', async () => {
    const occupier = createServer().listen(0, '127.0.0.1')
    await once(occupier, 'listening')
    const address = occupier.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const clock = new FakeClock()
    const gateway = newGateway('a', {}, { settings: { ...SETTINGS, port }, clock })
    await gateway.start()
    expect(gateway.status().trouble).toBe(`127.0.0.1:${port}: the port is in use by another program`)
    await new Promise(resolve => occupier.close(resolve))
    clock.advance(5_000)
    await until(() => gateway.status().listening !== undefined)
    expect(gateway.status()).toEqual({ listening: `127.0.0.1:${port}`, trouble: undefined, readers: 0 })
  })

  it('moves without ending who plays', async () => {
    const camera = new TestCamera()
    camera.begin()
    camera.video(1)
    const gateway = newGateway('a', { gate: camera })
    await gateway.start()
    const viewer = client(gateway, '/gate/main')
    const numbers = frameNumbers(viewer)
    await viewer.play()
    const before = gateway.status().listening
    await gateway.apply({ ...SETTINGS, host: '127.0.0.2' }, [])
    expect(gateway.status().listening).not.toBe(before)
    camera.video(5)
    await until(() => numbers.length === 6)
    expect((await client(gateway, '/gate/main').play()).at(-1)).toBe(200)
  })
})

describe('two workers on one port', () => {
  it('serve each camera on every connection, wherever it lands', async () => {
    const cameras = { near: new TestCamera(), far: new TestCamera() }
    for (const [name, camera] of Object.entries(cameras)) {
      camera.begin(mediaSession({ camera: name }))
      camera.video(3)
    }
    const a = newGateway('a', { near: cameras.near }, { peers: [{ socket: socketOf('b'), cameras: ['far'] }] })
    await a.start()
    const port = Number(new URL(`rtsp://${a.status().listening}`).port)
    const b = newGateway(
      'b',
      { far: cameras.far },
      { peers: [{ socket: socketOf('a'), cameras: ['near'] }], settings: { ...SETTINGS, port } },
    )
    await b.start()
    expect(b.status().trouble).toBeUndefined()
    for (let i = 0; i < 8; i++)
      for (const camera of ['near', 'far']) {
        const viewer = client(a, `/${camera}/main`)
        const numbers = frameNumbers(viewer)
        if (i % 2 === 0) expect(await viewer.ask('OPTIONS')).toMatchObject({ status: 200 })
        expect(await viewer.play()).toEqual([200, 200, 200])
        await until(() => numbers.length === 3)
      }
    expect(a.status().readers).toBe(8)
    expect(b.status().readers).toBe(8)
    for (const viewer of clients) viewer.socket.destroy()
    await until(() => a.status().readers + b.status().readers === 0)
  })

  it('know the client behind a spliced connection: UDP goes to it directly', async () => {
    const far = new TestCamera()
    far.begin()
    far.video(3)
    const a = newGateway('a', {}, { peers: [{ socket: socketOf('b'), cameras: ['far'] }] })
    const b = newGateway('b', { far })
    await Promise.all([a.start(), b.start()])
    const { createSocket } = await import('node:dgram')
    const [rtp, rtcp] = [createSocket('udp4'), createSocket('udp4')]
    const datagrams: Buffer[] = []
    rtp.on('message', datagram => datagrams.push(datagram))
    await Promise.all([rtp, rtcp].map(socket => new Promise<void>(done => socket.bind(0, '127.0.0.1', done))))
    const viewer = client(a, '/far/main')
    await viewer.ask('DESCRIBE')
    const Transport = `RTP/AVP;unicast;client_port=${rtp.address().port}-${rtcp.address().port}`
    const setup = await viewer.ask('SETUP', '/trackID=0', [['Transport', Transport]])
    expect(setup.headers.get('Transport')).toMatch(/server_port=\d+-\d+/)
    const Session = setup.headers.get('Session')?.split(';')[0] ?? ''
    expect(await viewer.ask('PLAY', '', [['Session', Session]])).toMatchObject({ status: 200 })
    // Three frames, and the parameter sets of the first.
    await until(() => datagrams.length === 4)
    rtp.close()
    rtcp.close()
  })

  it('answer 503 for a worker that is gone, and find it when it is back', async () => {
    const a = newGateway('a', {}, { peers: [{ socket: socketOf('b'), cameras: ['far'] }] })
    await a.start()
    const early = client(a, '/far/main')
    expect(await early.ask('DESCRIBE')).toMatchObject({ status: 503 })
    await early.closed
    const far = new TestCamera()
    far.begin()
    const b = newGateway('b', { far })
    await b.start()
    expect(await client(a, '/far/main').play()).toEqual([200, 200, 200])
    await b.stop()
    await until(() => clients.at(-1)!.socket.destroyed)
    expect(await client(a, '/far/main').ask('DESCRIBE')).toMatchObject({ status: 503 })
  })

  it('do not send a connection round in circles', async () => {
    const a = newGateway('a', {}, { peers: [{ socket: socketOf('b'), cameras: ['lost'] }] })
    const b = newGateway('b', {}, { peers: [{ socket: socketOf('a'), cameras: ['lost'] }] })
    await Promise.all([a.start(), b.start()])
    expect(await client(a, '/lost/main').ask('DESCRIBE')).toMatchObject({ status: 404 })
  })

  it('keep bytes in order and bounded through the splice', async () => {
    const far = new TestCamera()
    far.begin()
    far.video(1, 100_000)
    const a = newGateway('a', {}, { peers: [{ socket: socketOf('b'), cameras: ['far'] }] })
    const b = newGateway('b', { far })
    await Promise.all([a.start(), b.start()])
    const viewer = client(a, '/far/main')
    const numbers = frameNumbers(viewer)
    await viewer.play()
    viewer.socket.pause()
    for (let i = 0; i < 400; i++) {
      far.video(1, 100_000)
      await sleep(systemClock, 1)
    }
    // The splice has passed the pressure on: the owner drops.
    expect(b.totals('far', 'main').dropped).toBeGreaterThan(100)
    viewer.socket.resume()
    await sleep(systemClock, 300)
    far.video(10, 100)
    await until(() => numbers.at(-1) === 410)
    expect(numbers.every((number, index) => index === 0 || number > numbers[index - 1]!)).toBe(true)
  })

  it('take nothing at the socket of workers that is no passed-on connection', async () => {
    const gateway = newGateway('a', {})
    await gateway.start()
    const socket = connect(socketOf('a'))
    socket.on('error', () => {})
    socket.write('DESCRIBE rtsp://x/gate/main RTSP/1.0\r\nCSeq: 1\r\n\r\n')
    await once(socket, 'close')
  })
})
