import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signToken } from '../../src/access/sign-token.ts'
import { workerPaths } from '../../src/config/state-paths.ts'
import { sleep, systemClock } from '../../src/kernel/clock.ts'
import { spawnVirtualCameras, type VirtualCamerasProcess } from '../../src/media/virtual/index.ts'
import { newKeys } from '../access/support.ts'
import { readPlaylist } from '../media/hls/read-playlist.ts'
import { eventually, VIEWING, ViewingWorker, wantedCamera } from '../support/viewing-worker.ts'

const CAMERAS = 3
const keys = newKeys()
/** A proxy in front of it: what comes through one needs a token even on this machine. */
const PROXIED = { 'x-forwarded-for': '192.0.2.1' }
const token = (cameras: readonly string[], jti = 'token-1', hours = 1) =>
  signToken({ user: 'anna', cameras, jti, expires: Date.now() + hours * 3_600_000 }, Date.now(), keys)
const bearer = async (...of: Parameters<typeof token>) => ({
  ...PROXIED,
  authorization: `Bearer ${await token(...of)}`,
})

describe('the HTTP server of two workers', () => {
  const dir = mkdtempSync(join(tmpdir(), 'viewing-server-'))
  let cameras: VirtualCamerasProcess
  let first: ViewingWorker
  let second: ViewingWorker

  const get = (path: string, headers: Record<string, string> = {}) => fetch(`${first.url}${path}`, { headers })
  /** The address of a new viewer's playlist. */
  const newViewer = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await get(`/hls/${path}/index.m3u8`, headers)
    expect(answer.status).toBe(200)
    return `/hls/${path}/${(await answer.text()).trim().split('\n').at(-1)}`
  }
  const readers = (worker: ViewingWorker, id: string) =>
    worker.worker.status().cameras.find(camera => camera.id === id)?.sub?.readers

  beforeAll(async () => {
    cameras = await spawnVirtualCameras({ count: CAMERAS })
    first = new ViewingWorker(0, dir)
    second = new ViewingWorker(1, dir)
    const peer = (slot: number, ids: readonly string[]) => {
      const { gateway, http } = workerPaths(dir, slot)
      return { socket: gateway, http, cameras: ids }
    }
    const wanted = (id: string) => wantedCamera(cameras.url, id)
    const down = wantedCamera('rtsp://127.0.0.1:9', 'down')
    await second.apply([wanted('cam-003')], VIEWING, [peer(0, ['cam-001', 'cam-002', 'down'])])
    await first.apply([wanted('cam-001'), wanted('cam-002'), down], VIEWING, [peer(1, ['cam-003'])])
    for (const { worker } of [first, second]) worker.live.access({ keys: [keys.public], revoked: [] })
    await eventually(() => first.worker.status().viewing?.listening !== undefined)
  })

  afterAll(async () => {
    for (const worker of [first, second]) await worker[Symbol.asyncDispose]()
    await cameras.stop()
    rmSync(dir, { recursive: true, force: true })
  })

  it('gives a playlist, its pieces, and each of them once', async () => {
    const playlist = await newViewer('cam-001/sub')
    const answer = await get(playlist)
    expect(answer.headers.get('content-type')).toBe('application/vnd.apple.mpegurl')
    expect(answer.headers.get('cache-control')).toBe('private, no-cache')
    const { segments } = readPlaylist(await answer.text())
    const piece = playlist.replace('live.m3u8', segments[0]!.uri!)
    const media = await get(piece)
    expect(media.headers.get('content-type')).toBe('video/mp4')
    const bytes = Buffer.from(await media.arrayBuffer())
    expect(bytes.toString('latin1', 4, 8)).toBe('moof')
    expect((await get(piece, { 'if-none-match': media.headers.get('etag')! })).status).toBe(304)
    const head = await fetch(`${first.url}${piece}`, { method: 'HEAD' })
    expect(Number(head.headers.get('content-length'))).toBe(bytes.length)
    // Who skips the viewer's folder or asks for what never was gets nothing.
    expect((await get(piece.replace(/segment\d+/, 'segment1'))).status).toBe(404)
    expect((await get('/hls/cam-001/sub/live.m3u8')).status).toBe(404)
  })

  it('holds a player until what it waits for is there', async () => {
    const path = await newViewer('cam-001/sub')
    const now = readPlaylist(await (await get(path)).text())
    const newest = now.segments.at(-1)!
    const next = newest.uri === undefined ? newest : { sequence: newest.sequence + 1, parts: [] }
    const asked = performance.now()
    // The part that is hinted at and the playlist that tells of it, both before it is there.
    const [part, blocked] = await Promise.all([
      get(path.replace('live.m3u8', now.hint)),
      get(`${path}?_HLS_msn=${next.sequence}&_HLS_part=${next.parts.length}`),
    ])
    expect(performance.now() - asked).toBeLessThan(1_500)
    expect(part.status).toBe(200)
    const later = readPlaylist(await blocked.text())
    expect(later.segments.flatMap(segment => segment.parts).map(each => each.uri)).toContain(now.hint)
    expect(later.hint).not.toBe(now.hint)
    expect((await get(`${path}?_HLS_msn=${next.sequence + 5}`)).status).toBe(400)
    expect((await get(`${path}?_HLS_part=5`)).status).toBe(400)
  })

  it('serves cameras of the other worker, and knows who asks', async () => {
    const path = await newViewer('cam-003/sub', await bearer(['cam-003']))
    const answer = await get(path, { ...(await bearer(['cam-003'])), 'user-agent': 'a player' })
    expect(answer.status).toBe(200)
    const [session] = second.worker.live.sessions()
    expect(session).toMatchObject({
      ...{ camera: 'cam-003', stream: 'sub', protocol: 'hls', transport: 'http', user: 'anna', token: 'token-1' },
      ...{ client: 'a player', address: '127.0.0.1', relay: false },
    })
    expect(session!.bytes).toBe((await answer.arrayBuffer()).byteLength)
    expect(first.worker.live.sessions().some(({ camera }) => camera === 'cam-003')).toBe(false)
  })

  it('asks for a token behind a proxy, from another site, and by another name', async () => {
    const path = '/hls/cam-001/sub/index.m3u8'
    expect((await get(path)).status).toBe(200)
    const strangers = [
      PROXIED,
      { 'sec-fetch-site': 'cross-site' },
      { forwarded: 'for=192.0.2.1' },
      { origin: 'https://evil.example' },
      { origin: 'http://127.0.0.1:1' },
      { origin: 'null' },
    ]
    expect((await get(path, { origin: first.url })).status).toBe(200)
    for (const headers of strangers) {
      const answer = await get(path, headers as Record<string, string>)
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toContain('Bearer')
    }
    // What DNS rebinding looks like; fetch does not let a header be forged.
    expect(await rawStatus(first, `GET ${path} HTTP/1.1\r\nHost: evil.example\r\n\r\n`)).toBe(401)
  })

  it('takes tokens for their cameras alone, until they run out or are taken back', async () => {
    const path = '/hls/cam-001/sub/index.m3u8'
    expect((await get(path, await bearer(['cam-001']))).status).toBe(200)
    expect((await get(path, await bearer(['*']))).status).toBe(200)
    expect((await get(path, await bearer(['cam-002']))).status).toBe(403)
    expect((await get(path, await bearer(['cam-001'], 'old', -1))).status).toBe(401)
    expect((await get(path, { authorization: 'Bearer x.y.z' })).status).toBe(401)
    expect((await get(path, { authorization: 'Basic YTpi' })).status).toBe(401)
    const headers = await bearer(['cam-001'], 'soon-revoked')
    const playlist = await newViewer('cam-001/sub', headers)
    expect((await get(playlist, headers)).status).toBe(200)
    first.worker.live.access({ keys: [keys.public], revoked: ['soon-revoked'] })
    const answer = await get(playlist, headers)
    expect(answer.status).toBe(401)
    expect(await answer.text()).toContain('revoked')
    expect(first.worker.live.sessions().some(session => session.token === 'soon-revoked')).toBe(false)
  })

  it('sets a cookie for a token, and no token is needed with it', async () => {
    const post = (body: string, headers: Record<string, string> = {}) =>
      fetch(`${first.url}/session`, {
        method: 'POST',
        body,
        headers: { ...PROXIED, 'content-type': 'application/json', ...headers },
      })
    const answer = await post(JSON.stringify({ token: await token(['cam-001']) }))
    expect(await answer.json()).toMatchObject({ user: 'anna', cameras: ['cam-001'] })
    const cookie = answer.headers.get('set-cookie')!
    expect(cookie).toMatch(/^vms_view=[\w.-]+; Path=\/; Max-Age=3\d{3}; HttpOnly; SameSite=Strict$/)
    const headers = { ...PROXIED, cookie: `other=1; ${cookie.split(';')[0]}` }
    expect((await get('/hls/cam-001/sub/index.m3u8', headers)).status).toBe(200)
    expect((await get('/hls/cam-002/sub/index.m3u8', headers)).status).toBe(403)
    expect(await (await get('/session', headers)).json()).toMatchObject({ user: 'anna' })
    expect((await get('/session', PROXIED)).status).toBe(401)
    expect((await post('{"token":"x.y.z"}')).status).toBe(401)
    expect((await post('nonsense')).status).toBe(400)
    expect((await post(`{"token":"${'x'.repeat(20_000)}"}`)).status).toBe(413)
    expect((await post('{}', { 'content-type': 'text/plain' })).status).toBe(415)
    expect((await post(JSON.stringify({ token: await token(['*']) }), { 'sec-fetch-site': 'cross-site' })).status).toBe(
      403,
    )
    // A cookie that has run out shuts nobody out who needs none.
    expect((await get('/hls/cam-001/sub/index.m3u8', { cookie: 'vms_view=x.y.z' })).status).toBe(200)
  })

  it('ends a session that somebody else ends, and no other', async () => {
    const [one, other] = [await newViewer('cam-002/sub'), await newViewer('cam-002/sub')]
    await Promise.all([get(one), get(other)])
    const id = one.split('/')[4]!
    expect(first.worker.live.sessions().filter(({ camera }) => camera === 'cam-002')).toHaveLength(2)
    expect(first.worker.live.endSession(id, 'ended by the operator')).toBe(true)
    const answer = await get(one)
    expect(answer.status).toBe(410)
    expect(await answer.json()).toEqual({ error: { message: 'ended by the operator' } })
    expect((await get(other)).status).toBe(200)
    expect(first.worker.live.endSession(id, 'again')).toBe(false)
  })

  it('says why a camera shows nothing, and does not let a player wait for it', async () => {
    const asked = performance.now()
    const answer = await get('/hls/down/main/index.m3u8')
    expect(answer.status).toBe(503)
    expect(await answer.json()).toEqual({ error: { message: 'refused' } })
    expect(performance.now() - asked).toBeLessThan(4_500)
  })

  it('shows the last key frame of a stream that runs, and starts none for it', async () => {
    expect((await get('/hls/down/poster.mp4')).status).toBe(404)
    await newViewer('cam-001/sub')
    const poster = await get('/hls/cam-001/poster.mp4')
    expect(poster.headers.get('content-type')).toBe('video/mp4')
    expect(Buffer.from(await poster.arrayBuffer()).toString('latin1', 4, 8)).toBe('ftyp')
  })

  it('has nothing at any other address, and takes nothing but GET', async () => {
    for (const path of [
      '/hls/cam-001/sub/../../../etc/passwd',
      '/hls/cam-001%2fsub/index.m3u8',
      '/hls/.cam/main/index.m3u8',
      '/watch/../../package.json',
      '/watch/%2e%2e',
      '/favicon.ico',
      '/hls',
    ]) {
      expect([path, await rawStatus(first, `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)]).toEqual([path, 404])
    }
    expect((await get('/hls/none/main/index.m3u8')).status).toBe(404)
    const posted = await fetch(`${first.url}/hls/cam-001/sub/index.m3u8`, { method: 'POST' })
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
    expect(posted.headers.get('access-control-allow-origin')).toBeNull()
  })

  it('takes no headers without end, and nothing that is not HTTP', async () => {
    const long = `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`
    expect(await rawStatus(first, long)).toBe(431)
    expect(await rawStatus(first, '\x16\x03\x01\x02\x00\r\n\r\n')).toBe(400)
  })

  it('lets no stranger through to the daemon or to another worker', async () => {
    let heard = 0
    const api = createServer((_, response) => {
      heard++
      response.end('{}')
    })
    await new Promise<void>(resolve => api.listen(join(dir, 'viewing.sock'), resolve))
    expect((await get('/api/cameras', PROXIED)).status).toBe(401)
    expect((await get('/api/cameras', await bearer(['cam-001']))).status).toBe(200)
    expect((await get('/hls/cam-003/sub/index.m3u8', PROXIED)).status).toBe(401)
    expect((await get('/hls/cam-003/sub/index.m3u8', await bearer(['cam-001']))).status).toBe(403)
    expect(heard).toBe(1)
    await new Promise(resolve => api.close(resolve))
    rmSync(join(dir, 'viewing.sock'), { force: true })
  })

  it('passes /api on to the daemon, or says that it does not answer', async () => {
    const missing = await get('/api/cameras')
    expect(missing.status).toBe(503)
    expect(await missing.text()).toContain('the daemon does not answer')
    const daemon = createServer((request, response) => {
      response.end(JSON.stringify({ url: request.url, from: request.headers['x-vmsctl-client'] }))
    })
    await new Promise<void>(resolve => daemon.listen(join(dir, 'viewing.sock'), resolve))
    const answer = await get('/api/cameras?x=1', { 'x-vmsctl-client': 'forged' })
    expect(await answer.json()).toEqual({ url: '/api/cameras?x=1', from: '127.0.0.1' })
    daemon.closeAllConnections()
    await new Promise(resolve => daemon.close(resolve))
  })

  it('lets a stream go that nobody asks for any more', async () => {
    expect(readers(first, 'cam-001')).toBe(1)
    expect(await eventually(() => readers(first, 'cam-001') === 0, 20)).toBe(true)
    expect(first.worker.live.sessions()).toEqual([])
    // Its own linger is a second here.
    await sleep(systemClock, 1_500)
    expect(first.worker.status().cameras.find(({ id }) => id === 'cam-001')?.sub?.state).toBe('idle')
  })
})

/** The status of the answer to bytes that no HTTP client would send. */
function rawStatus({ url }: ViewingWorker, bytes: string): Promise<number> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once('data', data => {
      resolve(Number(/^HTTP\/1.1 (\d+)/.exec(data.toString())?.[1]))
      socket.destroy()
    })
    socket.write(bytes)
  })
}
