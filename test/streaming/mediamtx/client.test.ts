import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { RelayClient } from '../../../src/streaming/mediamtx/api/client.ts'
import { readMuxers, readSession } from '../../../src/streaming/mediamtx/api/session.ts'
import { Admissions } from '../../../src/streaming/mediamtx/auth/admissions.ts'
import { RelaySessions } from '../../../src/streaming/mediamtx/relay-sessions.ts'
import { freePorts } from '../../support/relay.ts'

const ends: (() => unknown)[] = []
afterAll(() => {
  for (const end of ends) end()
})

/** Something that answers where MediaMTX's API should be. */
async function answering(answer: RequestListener): Promise<RelayClient> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  ends.push(
    () => server.closeAllConnections(),
    () => server.close(),
  )
  const { port } = server.address() as { port: number }
  return new RelayClient({
    origin: `http://127.0.0.1:${port}`,
    login: { user: 'vmsctl', password: 'pw' },
    timeout: 400,
  })
}

const page = (items: unknown[], pageCount = 1) => JSON.stringify({ itemCount: items.length, pageCount, items })

describe('the client of the control API', () => {
  it('reads every page of a list, and logs in', async () => {
    const asked: string[] = []
    const client = await answering((request, response) => {
      asked.push(`${request.url} ${request.headers.authorization}`)
      response.end(page([{ name: `p${asked.length}` }], 3))
    })
    expect(await client.list('/paths/list', 'x')).toEqual([{ name: 'p1' }, { name: 'p2' }, { name: 'p3' }])
    expect(asked[2]).toBe(`/v3/paths/list?itemsPerPage=1000&page=2 Basic ${btoa('vmsctl:pw')}`)
  })

  it('a version before 1.16 does not say which it is', async () => {
    const client = await answering((request, response) => {
      response.statusCode = request.url?.includes('/info') ? 404 : 200
      response.end(page([]))
    })
    expect(await client.version()).toBeUndefined()
  })

  it('any answer that cannot be is a sentence, and never a hang', async () => {
    const endless: RequestListener = (_, response) => {
      const more = () => void (response.destroyed || response.write('x'.repeat(1_000_000), () => setImmediate(more)))
      more()
    }
    const cases: [RequestListener, RegExp][] = [
      [(_, response) => void response.end('not JSON'), /is not a list/],
      [(_, response) => void response.end('{"items":{}}'), /is not a list/],
      [
        (_, response) => void response.writeHead(500).end('{"error":"rtsp://a:b@h boom"}'),
        /status 500: rtsp:\/\/\*\*\*@h boom/,
      ],
      [(_, response) => void response.writeHead(401).end(), /does not let us list: status 401/],
      [(_, response) => void response.writeHead(302, { location: 'http://h/' }).end(), /status 302/],
      [() => {}, /does not answer within 0.4 s/],
      [request => void request.socket.destroy(), /cannot be asked/],
      [endless, /more than 8000000 bytes|does not answer/],
    ]
    for (const [answer, said] of cases) {
      const client = await answering(answer)
      await expect(client.list('/paths/list', 'list')).rejects.toThrow(said)
    }
    const [port] = await freePorts(1)
    const nobody = new RelayClient({ origin: `http://127.0.0.1:${port}` })
    await expect(nobody.version()).rejects.toThrow('nothing listens there')
  })

  it('stops after so many pages', async () => {
    let asked = 0
    const client = await answering((_, response) => {
      asked++
      response.end(page([{}], 1e9))
    })
    expect((await client.list('/paths/list', 'x'))?.length).toBe(20)
    expect(asked).toBe(20)
  })
})

describe('sessions of MediaMTX', () => {
  it('are read in the words of every version', () => {
    const old = {
      id: 'a',
      created: '2026-11-25T03:00:00Z',
      remoteAddr: '[::1]:5000',
      state: 'read',
      path: 'live/a',
      bytesSent: 7,
    }
    expect(readSession('rtsp', old)).toEqual({
      id: 'a',
      protocol: 'rtsp',
      path: 'live/a',
      client: null,
      address: '::1',
      connectedAt: Date.parse('2026-11-25T03:00:00Z'),
      bytes: 7,
      signs: null,
      connections: [],
    })
    const now = { ...old, outboundBytes: 9, userAgent: 'VLC\n', remoteAddr: '10.0.0.1:1', conns: ['c', 1] }
    expect(readSession('rtsp', now)).toMatchObject({
      bytes: 9,
      client: 'VLC?',
      address: '10.0.0.1',
      connections: ['c'],
    })
    expect(readSession('rtsp', { ...old, state: 'publish' })).toBeUndefined()
    expect(readSession('hls', { id: 'h', path: 'live/a' })).toMatchObject({ protocol: 'hls', connectedAt: 0 })
  })

  it('nothing that is sent for one throws', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('id', 'path', 'state', 'conns', 'created', 'outboundBytes'), fc.jsonValue()),
        item => {
          readSession('webrtc', item)
          readMuxers([item])
        },
      ),
    )
  })

  it('before 1.18 the viewers of HLS are one for each path, last seen at its last request', async () => {
    const client = await answering((request, response) => {
      if (request.url?.startsWith('/v3/hlsmuxers'))
        return response.end(
          page([
            { path: 'live/a', created: '2026-11-25T03:00:00Z', lastRequest: '2026-11-25T03:00:05Z', bytesSent: 3 },
          ]),
        )
      response.statusCode = 404
      return response.end()
    })
    const streamOf = (path: string) => (path === 'live/a' ? { camera: 'a', stream: 'sub' as const } : undefined)
    const sessions = new RelaySessions({
      client,
      admissions: new Admissions(),
      streamOf,
      now: () => Date.parse('2026-11-25T04:00:00Z'),
    })
    expect(await sessions.list()).toMatchObject([
      {
        id: 'hls:live/a',
        camera: 'a',
        protocol: 'hls',
        user: null,
        lastSeen: Date.parse('2026-11-25T03:00:05Z'),
        bytes: 3,
      },
    ])
    expect(await sessions.end('hls:live/a')).toBe(false)
  })

  it('a browser that has gone without a word was last seen when its next RTCP was due', async () => {
    let packets = 1
    const client = await answering((request, response) => {
      const item = {
        id: 'w',
        path: 'live/a',
        state: 'read',
        created: '2026-11-25T03:00:00Z',
        inboundRTCPPackets: packets,
      }
      if (request.url?.startsWith('/v3/webrtcsessions')) return response.end(page([item]))
      response.statusCode = 404
      return response.end()
    })
    let now = 1_000
    const streamOf = () => ({ camera: 'a', stream: 'sub' as const })
    const sessions = new RelaySessions({ client, admissions: new Admissions(), streamOf, now: () => now })
    const seen: number[] = []
    for (const [time, count] of [
      [1_000, 1],
      [2_000, 2],
      [3_000, 2],
      [9_000, 2],
      [10_000, 3],
    ] as const) {
      now = time
      packets = count
      seen.push((await sessions.list())[0]!.lastSeen)
    }
    // Browsers send each 1.25 s or so: until then it may still have been there.
    expect(seen).toEqual([1_000, 2_000, 3_000, 3_250, 10_000])
  })
})
