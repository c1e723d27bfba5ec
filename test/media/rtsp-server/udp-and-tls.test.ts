import { execFileSync } from 'node:child_process'
import { createSocket, type Socket } from 'node:dgram'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { sleep, systemClock } from '../../../src/kernel/clock.ts'
import { hasProgram } from '../../support/programs.ts'
import { type MemoryClient, request, settle, type TestServer, testServer } from './support.ts'

const URL = 'rtsp://host/cam'
const sockets: Socket[] = []
const servers: TestServer[] = []

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close()
  await Promise.all(servers.splice(0).map(({ server }) => server.close()))
})

async function udpSocket(): Promise<Socket & { readonly heard: Buffer[] }> {
  const heard: Buffer[] = []
  const socket = createSocket('udp4')
  socket.on('message', datagram => heard.push(datagram))
  sockets.push(socket)
  await new Promise<void>(done => socket.bind(0, '127.0.0.1', done))
  return Object.assign(socket, { heard })
}

/** The first of `count` neighbouring UDP ports, even, that nobody has now: below those that the kernel gives out itself. */
async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = 20_000 + 2 * Math.floor(Math.random() * 6_000)
    const tried = Array.from({ length: count }, () => createSocket('udp4'))
    const bound = await Promise.all(
      tried.map(
        (socket, index) =>
          new Promise<boolean>(done =>
            socket.once('error', () => done(false)).bind(first + index, '127.0.0.1', () => done(true)),
          ),
      ),
    )
    for (const socket of tried) socket.close()
    if (!bound.includes(false)) return first
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !holds(); i++) await sleep(systemClock, 5)
  expect(holds()).toBe(true)
}

async function ask(client: MemoryClient, ...args: Parameters<typeof request>): Promise<string> {
  client.heard()
  client.say(request(...args))
  await until(() => client.received.length > 0)
  return client.heard()
}

function newServer(...args: Parameters<typeof testServer>): TestServer {
  const made = testServer(...args)
  servers.push(made)
  return made
}

/** A client that plays over UDP, with its sockets. */
async function playing(made: TestServer) {
  const [rtp, rtcp] = [await udpSocket(), await udpSocket()]
  const client = made.connect()
  const ports = `${rtp.address().port}-${rtcp.address().port}`
  const Transport = `RTP/AVP;unicast;client_port=${ports}`
  const setup = await ask(client, 'SETUP', `${URL}/trackID=0`, 1, { Transport })
  expect(setup).toContain(`client_port=${ports};server_port=`)
  const serverPorts = /server_port=(\d+)-(\d+)/.exec(setup)!.slice(1).map(Number) as [number, number]
  const Session = /Session: (\w+)/.exec(setup)![1]!
  expect(await ask(client, 'PLAY', URL, 2, { Session })).toContain('200 OK')
  return { client, rtp, rtcp, serverPorts, Session }
}

const PACKETS = Buffer.from([0x24, 0, 0, 2, 1, 2, 0x24, 1, 0, 1, 3, 0x24, 0, 0, 1, 4])

describe('a session over UDP', () => {
  it('sends each packet as a datagram to the port of its channel, and hears RTCP', async () => {
    const made = newServer()
    const { rtp, rtcp, serverPorts } = await playing(made)
    expect(serverPorts[0] % 2).toBe(0)
    expect(serverPorts[1]).toBe(serverPorts[0] + 1)
    expect(made.content.session?.stream).toBeUndefined()
    expect(made.content.session?.send(PACKETS)).toBe(true)
    await until(() => rtp.heard.length === 2 && rtcp.heard.length === 1)
    expect(rtp.heard).toEqual([Buffer.from([1, 2]), Buffer.from([4])])
    expect(rtcp.heard).toEqual([Buffer.from([3])])
    rtcp.send(Buffer.from('report'), serverPorts[1], '127.0.0.1')
    await until(() => made.content.rtcp.length === 1)
    expect(made.content.rtcp[0]?.toString()).toBe('report')
  })

  it('hears nobody but its client', async () => {
    const made = newServer()
    const { serverPorts, rtcp } = await playing(made)
    const stranger = await udpSocket()
    stranger.send(Buffer.from('stranger'), serverPorts[1], '127.0.0.1')
    rtcp.send(Buffer.from('client'), serverPorts[1], '127.0.0.1')
    await until(() => made.content.rtcp.length > 0)
    expect(made.content.rtcp.map(String)).toEqual(['client'])
  })

  it('ends without a sign of life, and lives by RTSP or RTCP', async () => {
    const made = newServer()
    const { client, serverPorts, rtcp, Session } = await playing(made)
    for (let i = 0; i < 3; i++) {
      made.clock.advance(40_000)
      expect(await ask(client, 'GET_PARAMETER', URL, 10 + i, { Session })).toContain('200 OK')
      made.clock.advance(40_000)
      const before = made.content.rtcp.length
      rtcp.send(Buffer.from('report'), serverPorts[1], '127.0.0.1')
      await until(() => made.content.rtcp.length > before)
    }
    expect(made.server.sessions).toBe(1)
    made.clock.advance(62_000)
    expect(made.server.sessions).toBe(0)
    expect(made.content.log).toEqual(['play', 'start', 'stop', 'release'])
  })

  it('outlives its connection by 15 s, or as long as RTCP comes', async () => {
    const made = newServer()
    const { client, serverPorts, rtcp } = await playing(made)
    client.destroy()
    await settle()
    made.clock.advance(10_000)
    rtcp.send(Buffer.from('report'), serverPorts[1], '127.0.0.1')
    await until(() => made.content.rtcp.length === 1)
    made.clock.advance(10_000)
    expect(made.server.sessions).toBe(1)
    made.clock.advance(7_000)
    expect(made.server.sessions).toBe(0)
  })

  it('gives its ports back, and says when there are none', async () => {
    const first = await freePorts(4)
    const made = newServer({ udpPorts: { first, last: first + 3 } })
    const sessions = [await playing(made), await playing(made)]
    const client = made.connect()
    const Transport = 'RTP/AVP;unicast;client_port=9000-9001'
    expect(await ask(client, 'SETUP', `${URL}/trackID=0`, 1, { Transport })).toContain('500 No UDP Ports')
    expect(made.server.sessions).toBe(2)
    const { client: leaving, Session } = sessions[0]!
    expect(await ask(leaving, 'TEARDOWN', URL, 3, { Session })).toContain('200 OK')
    await settle()
    expect(await ask(client, 'SETUP', `${URL}/trackID=0`, 2, { Transport })).toContain('200 OK')
  })

  it('is not mixed with TCP in one session', async () => {
    const made = newServer()
    const client = made.connect()
    const Transport = 'RTP/AVP/TCP;unicast;interleaved=0-1'
    const setup = await ask(client, 'SETUP', `${URL}/trackID=0`, 1, { Transport })
    const Session = /Session: (\w+)/.exec(setup)![1]!
    const udp = { Transport: 'RTP/AVP;unicast;client_port=9000-9001', Session }
    expect(await ask(client, 'SETUP', `${URL}/trackID=1`, 2, udp)).toContain('461')
  })
})

describe.skipIf(!hasProgram('openssl', ['version']))('rtsps', () => {
  it('speaks RTSP inside TLS, and sends no media beside it', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'rtsps-'))
    const [cert, key] = [join(directory, 'cert.pem'), join(directory, 'key.pem')]
    const subject = ['-subj', '/CN=localhost', '-keyout', key, '-out', cert]
    const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
    execFileSync('openssl', ['req', ...kind, ...subject], { stdio: 'ignore' })
    const made = newServer()
    const tls = { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') }
    rmSync(directory, { recursive: true })
    const port = await made.server.listen({ host: '127.0.0.1', port: 0, tls })
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false })
    let heard = Buffer.alloc(0)
    socket.on('data', chunk => {
      heard = Buffer.concat([heard, chunk])
    })
    const answer = async (...args: Parameters<typeof request>) => {
      heard = Buffer.alloc(0)
      socket.write(request(...args))
      await until(() => heard.includes('\r\n\r\n'))
      return heard.toString('latin1')
    }
    const udp = { Transport: 'RTP/AVP;unicast;client_port=9000-9001' }
    expect(await answer('SETUP', `${URL}/trackID=0`, 1, udp)).toContain('461')
    const setup = await answer('SETUP', `${URL}/trackID=0`, 2, { Transport: 'RTP/AVP/TCP;interleaved=0-1' })
    const Session = /Session: (\w+)/.exec(setup)![1]!
    expect(await answer('PLAY', URL, 3, { Session })).toContain('200 OK')
    heard = Buffer.alloc(0)
    // The caller may overwrite its buffer at once.
    const packets = Buffer.from(PACKETS)
    expect(made.content.session?.send(packets)).toBe(true)
    packets.fill(0)
    await until(() => heard.length === PACKETS.length)
    expect(heard).toEqual(PACKETS)
    socket.destroy()
    await until(() => made.server.connections === 0)
  })
})
