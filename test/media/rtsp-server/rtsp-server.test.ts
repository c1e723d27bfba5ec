import { describe, expect, it } from 'vitest'
import { type MemoryClient, request, settle, testServer } from './support.ts'

const URL = 'rtsp://host/cam'
const TCP = 'RTP/AVP/TCP;unicast;interleaved=0-1'

async function ask(client: MemoryClient, ...args: Parameters<typeof request>): Promise<string> {
  client.heard()
  client.say(request(...args))
  await settle()
  return client.heard()
}

function sessionOf(answer: string): string {
  return /Session: (\w+)/.exec(answer)?.[1] ?? ''
}

async function playing(client: MemoryClient): Promise<string> {
  await ask(client, 'DESCRIBE', URL, 2)
  const setup = await ask(client, 'SETUP', `${URL}/trackID=0`, 3, { Transport: TCP })
  const id = sessionOf(setup)
  expect(await ask(client, 'PLAY', `${URL}/`, 4, { Session: id })).toContain('200 OK')
  return id
}

describe('the dialogue', () => {
  it('answers OPTIONS with the methods that exist', async () => {
    const { connect } = testServer()
    const answer = await ask(connect(), 'OPTIONS', '*', 1)
    expect(answer).toMatch(/^RTSP\/1.0 200 OK\r\nCSeq: 1\r\n/)
    expect(answer).toContain('Public: OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, TEARDOWN, GET_PARAMETER, SET_PARAMETER')
  })

  it('goes from DESCRIBE to TEARDOWN, starting after the answer and releasing at the end', async () => {
    const { connect, content, server } = testServer()
    const client = connect()
    const description = await ask(client, 'DESCRIBE', `${URL}?quality=1`, 2, { Accept: 'application/sdp' })
    expect(description).toContain(`Content-Base: ${URL}?quality=1/\r\n`)
    expect(description.endsWith(content.sdp)).toBe(true)
    const setup = await ask(client, 'SETUP', `${URL}/trackID=0`, 3, { Transport: TCP })
    expect(setup).toContain('Transport: RTP/AVP/TCP;unicast;interleaved=0-1;ssrc=80000000')
    const id = sessionOf(setup)
    expect(setup).toContain(`Session: ${id};timeout=60`)
    expect(id).toMatch(/^[0-9a-f]{32}$/)
    const play = await ask(client, 'PLAY', `${URL}/`, 4, { Session: id })
    expect(play).toContain('Range: npt=now-')
    expect(play).toContain(`RTP-Info: url=${URL}/trackID=0;seq=7;rtptime=900`)
    expect(content.log).toEqual(['play', 'start'])
    expect(await ask(client, 'PAUSE', URL, 5, { Session: id })).toContain('200 OK')
    expect(await ask(client, 'PLAY', URL, 6, { Session: id })).toContain('200 OK')
    expect(await ask(client, 'GET_PARAMETER', URL, 7, { Session: id })).toContain('200 OK')
    expect(await ask(client, 'TEARDOWN', URL, 8, { Session: id })).toContain('200 OK')
    expect(content.log).toEqual(['play', 'start', 'stop', 'play', 'start', 'stop'])
    expect(server.sessions).toBe(0)
    expect(await ask(client, 'GET_PARAMETER', URL, 9, { Session: id })).toContain('454')
    client.destroy()
    await settle()
    expect(content.log.at(-1)).toBe('release')
    expect(server.connections).toBe(0)
  })

  it('serves a SETUP without DESCRIBE and assigns channels', async () => {
    const { connect } = testServer()
    const client = connect()
    const first = await ask(client, 'SETUP', `${URL}/trackID=0`, 1, { Transport: 'RTP/AVP/TCP' })
    expect(first).toContain('interleaved=0-1')
    const Session = sessionOf(first)
    const second = await ask(client, 'SETUP', `${URL}/trackID=1`, 2, { Transport: TCP, Session })
    expect(second).toContain('interleaved=2-3')
  })

  it.each([
    ['an unknown path', 'DESCRIBE', 'rtsp://host/other', {}, '404 No such camera'],
    ['a URL that is none', 'DESCRIBE', 'http://x', {}, '404'],
    ['another kind of description', 'DESCRIBE', URL, { Accept: 'text/plain' }, '406'],
    ['a track that is not there', 'SETUP', `${URL}/trackID=9`, { Transport: TCP }, '404'],
    ['multicast', 'SETUP', `${URL}/trackID=0`, { Transport: 'RTP/AVP;multicast;port=3-4' }, '461'],
    ['no transport', 'SETUP', `${URL}/trackID=0`, {}, '461'],
    ['UDP without ports', 'SETUP', `${URL}/trackID=0`, { Transport: 'RTP/AVP;unicast' }, '461'],
    ['an unknown session', 'PLAY', URL, { Session: '00' }, '454'],
    ['PLAY before SETUP', 'PLAY', URL, {}, '454'],
    ['a recording client', 'ANNOUNCE', URL, {}, '405'],
    ['an unknown method', 'FETCH', URL, {}, '501'],
    ['a feature that it has not', 'OPTIONS', URL, { Require: 'x' }, '551'],
  ] as const)('refuses %s', async (_name, method, uri, headers, status) => {
    const { connect } = testServer()
    expect(await ask(connect(), method, uri, 1, { ...headers })).toMatch(new RegExp(`^RTSP/1.0 ${status}`))
  })

  it('refuses a session of another connection', async () => {
    const { connect, content } = testServer()
    const Session = await playing(connect())
    expect(await ask(connect(), 'TEARDOWN', URL, 1, { Session })).toContain('454')
    expect(content.log).not.toContain('stop')
  })

  it('hands RTCP of the reader on, and sends reports', async () => {
    const { connect, content, clock } = testServer()
    const client = connect()
    await playing(client)
    client.say(Buffer.from([0x24, 1, 0, 8, 0x80, 201, 0, 1, 1, 2, 3, 4]))
    await settle()
    expect(content.rtcp).toEqual([Buffer.from([0x80, 201, 0, 1, 1, 2, 3, 4])])
    client.heard()
    clock.advance(1_000)
    await settle()
    const report = Buffer.from(client.heard(), 'latin1')
    expect([...report.subarray(0, 2), report[5]]).toEqual([0x24, 1, 200])
    expect(report.readUInt16BE(2)).toBe(report.length - 4)
    expect(report.readUInt32BE(12)).toBe(2_208_988_801)
    clock.advance(4_000)
    expect(client.received).toEqual([])
    clock.advance(1_000)
    await settle()
    expect(client.received.length).toBe(1)
  })
})

describe('limits', () => {
  it('closes a connection whose request does not end', async () => {
    const { connect, clock, server } = testServer()
    const client = connect()
    for (let i = 0; i < 20; i++) {
      client.say('OPT'[i % 3] ?? '')
      await settle(1)
      clock.advance(1_000)
    }
    expect(server.connections).toBe(0)
    expect(client.destroyed).toBe(true)
  })

  it('closes an idle connection, but none that plays', async () => {
    const { connect, clock, server, content } = testServer()
    const idle = connect()
    const player = connect()
    await playing(player)
    for (let i = 0; i < 70; i++) {
      clock.advance(1_000)
      await settle(1)
    }
    expect(idle.destroyed).toBe(true)
    expect(player.destroyed).toBe(false)
    expect(server.sessions).toBe(1)
    expect(content.log).toEqual(['play', 'start'])
  })

  it('closes a client that does not read, and gives everything back', async () => {
    const { connect, clock, server, content } = testServer()
    const client = connect()
    await playing(client)
    client.reading = false
    content.session?.send(Buffer.alloc(1_000))
    await settle()
    expect(content.session?.pending).toBe(1_000)
    for (let i = 0; i < 33; i++) clock.advance(1_000)
    await settle()
    expect(client.destroyed).toBe(true)
    expect(server.sessions).toBe(0)
    expect(content.log.slice(-2)).toEqual(['stop', 'release'])
  })

  it('stops reading requests while their answers are not read', async () => {
    const { connect } = testServer()
    const client = connect()
    client.reading = false
    for (let i = 0; i < 2_000; i++) {
      client.say(request('OPTIONS', '*', i))
      await settle(1)
    }
    expect(client.writableLength).toBeLessThan(80_000)
    client.startReading()
    await settle(20)
    expect(client.isPaused()).toBe(false)
  })

  it('takes no more connections and sessions than allowed', async () => {
    const { connect, server } = testServer({ limits: { connections: 2, sessionsPerConnection: 1 } })
    const client = connect()
    connect()
    expect(connect().destroyed).toBe(true)
    expect(server.connections).toBe(2)
    await ask(client, 'SETUP', `${URL}/trackID=0`, 1, { Transport: TCP })
    expect(await ask(client, 'SETUP', `${URL}/trackID=0`, 2, { Transport: 'RTP/AVP/TCP' })).toContain('453')
  })

  it('closes on bytes that are no RTSP', async () => {
    const { connect, server } = testServer()
    const client = connect()
    client.say('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await settle()
    expect(client.text).toContain('400 Bad Request')
    expect(server.connections).toBe(0)
  })

  it('releases what a DESCRIBE finds after the client left', async () => {
    let found: () => void = () => {}
    const { connect, content } = testServer({
      handler: { describe: () => new Promise(resolve => (found = () => resolve(content))) },
    })
    const client = connect()
    client.say(request('DESCRIBE', URL, 1))
    await settle()
    client.destroy()
    await settle()
    found()
    await settle()
    expect(content.log).toEqual(['release'])
  })
})

describe('diverting', () => {
  it('hands on what was read since the request that decides, and nothing twice', async () => {
    const diverted: string[] = []
    const { connect, server } = testServer({
      handler: {
        describe: async () => ({ status: 404, reason: 'x' }),
        divert: ({ path }, _stream, received) => path === '/far' && diverted.push(received.toString()) > 0,
      },
    })
    const client = connect()
    const first = request('OPTIONS', '*', 1)
    const second = request('DESCRIBE', 'rtsp://host/far', 2)
    client.say(first + second.slice(0, 10))
    await settle()
    client.say(`${second.slice(10)}$tail`)
    await settle()
    expect(diverted).toEqual([`${second}$tail`])
    expect(client.text).toMatch(/^RTSP\/1.0 200 OK\r\nCSeq: 1\r\n[^$]*\r\n\r\n$/)
    expect(server.connections).toBe(0)
    expect(client.destroyed).toBe(false)
  })

  it('keeps no more than a little of a client that asks for nothing', async () => {
    const { connect, server } = testServer({
      handler: { describe: async () => ({ status: 404, reason: 'x' }), divert: () => false },
    })
    const client = connect()
    const packet = Buffer.alloc(4 + 1_000)
    packet[0] = 0x24
    packet.writeUInt16BE(1_000, 2)
    for (let i = 0; i < 60; i++) {
      client.say(packet)
      await settle(1)
    }
    expect(client.destroyed).toBe(false)
    for (let i = 0; i < 10; i++) {
      client.say(packet)
      await settle(1)
    }
    expect(client.destroyed).toBe(true)
    expect(server.connections).toBe(0)
  })
})
