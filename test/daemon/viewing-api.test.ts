import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { signToken } from '../../src/access/sign-token.ts'
import { createViewingApi } from '../../src/daemon/http/viewing-api.ts'
import { ViewingDesk } from '../../src/daemon/viewing/viewing-desk.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { silentLogger } from '../../src/kernel/log.ts'
import { TokenGate } from '../../src/media/viewers/index.ts'
import { newKeys } from '../access/support.ts'
import { camera, site } from './site.ts'

const keys = newKeys()
const LOCAL = { host: '127.0.0.1:8655' }

describe('what the watch page may ask', () => {
  let relay: Server
  let asked: string[]
  let answer: { status: number; body: string; location?: string }
  let api: ReturnType<typeof createViewingApi>

  beforeEach(async () => {
    asked = []
    answer = { status: 201, body: 'v=0', location: '/live/gate/whep/1' }
    relay = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`)
      response.writeHead(answer.status, answer.location === undefined ? {} : { location: answer.location })
      response.end(answer.body)
    })
    await new Promise<void>(resolve => relay.listen(0, '127.0.0.1', resolve))
    const { port } = relay.address() as AddressInfo
    const tokens = new TokenGate(systemClock)
    tokens.apply({ keys: [keys.public], revoked: [] })
    const desk = new ViewingDesk({
      config: () => site([camera('gate'), camera('constructor')]),
      plane: {
        open: async () => ({ codec: 'h264', bFrames: false, width: 1, height: 1, fps: 1, audio: null }),
        hold: () => {},
        access: () => {},
        sessions: async () => ({ sessions: [], unknown: new Set() }),
        endSession: async () => false,
      },
      views: () => [],
      refresh: async () => {},
      relay: () => ({
        whepUrl: (id, stream) => `http://127.0.0.1:${port}/${stream === 'main' ? 'main' : 'live'}/${id}/whep`,
        iceServers: async () => [],
      }),
      clock: systemClock,
    })
    api = createViewingApi({ desk, tokens, host: () => '127.0.0.1', log: silentLogger })
  })
  afterEach(async () => {
    relay.closeAllConnections()
    await new Promise(resolve => relay.close(resolve))
  })

  const offer = (path: string, headers: Record<string, string> = LOCAL) =>
    api.request(`/api/whep/${path}`, { method: 'POST', headers, body: 'v=0' })

  it('offers of cameras that there are go to MediaMTX, and of nothing else', async () => {
    expect((await offer('gate/sub')).status).toBe(201)
    expect((await offer('constructor/main')).status).toBe(201)
    expect(asked).toEqual(['POST /live/gate/whep', 'POST /main/constructor/whep'])
    for (const path of ['gat/sub', '..%2f..%2fv3%2fconfig/main', 'gate%2f..%2fx/sub', '__proto__/main', '%2e%2e/main'])
      expect((await offer(path)).status, path).toBe(404)
    for (const path of ['gate/mainx', 'gate/sub/x', 'gate/SUB', 'gate%00/sub'])
      expect((await offer(path)).status, path).toBe(404)
    expect(asked).toHaveLength(2)
  })

  it('a token opens its cameras alone, whatever the address is written like', async () => {
    const grant = { user: 'anna', cameras: ['gate'], jti: 't', expires: Date.now() + 60_000 }
    const headers = { host: 'cams.example', authorization: `Bearer ${await signToken(grant, Date.now(), keys)}` }
    expect((await offer('gate/sub', headers)).status).toBe(201)
    // The same camera.
    expect((await offer('g%61te/sub', headers)).status).toBe(201)
    for (const path of ['constructor/sub', 'gate%2f..%2fconstructor/sub', 'GATE/sub', '*/sub'])
      expect((await offer(path, headers)).status, path).toBe(403)
    expect((await offer('gate/sub', { host: 'cams.example' })).status).toBe(401)
  })

  it('a MediaMTX that answers what it should not is told of as such', async () => {
    for (const status of [200, 204, 302, 304]) {
      answer = { status, body: '' }
      expect((await offer('gate/sub')).status, String(status)).toBe(502)
    }
    answer = { status: 404, body: '{"error":"no stream"}' }
    expect((await offer('gate/sub')).status).toBe(404)
    answer = { status: 201, body: 'x'.repeat(1_000_000) }
    expect((await offer('gate/sub')).status).toBe(502)
    answer = { status: 201, body: 'v=0', location: 'http://192.0.2.1/else' }
    const left = await offer('gate/sub')
    expect(left.status).toBe(201)
    asked = []
    await api.request(left.headers.get('location')!, { method: 'DELETE', headers: LOCAL })
    expect(asked).toEqual([])
  })
})
