import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../../src/kernel/log.ts'
import { Admissions } from '../../../src/streaming/mediamtx/auth/admissions.ts'
import { type AuthRules, judge } from '../../../src/streaming/mediamtx/auth/judge.ts'
import { type AuthQuestion, readQuestion } from '../../../src/streaming/mediamtx/auth/question.ts'
import { authRoute } from '../../../src/streaming/mediamtx/auth/route.ts'

const grant = (cameras: string[]) => ({ user: 'anna', cameras, jti: 'j1', expires: 1 })
const rules: AuthRules = {
  secret: 's3cret',
  allowsAddress: address => !address.startsWith('9.'),
  cameraOf: path => /^(?:live|main)\/(gate-\d)$/.exec(path)?.[1],
  verify: async token => (token.startsWith('for:') ? grant(token.slice(4).split(',')) : { fault: 'malformed' }),
}
const question = (over: Partial<AuthQuestion>): AuthQuestion => ({
  user: '',
  password: '',
  token: '',
  ip: '10.0.0.1',
  action: 'read',
  path: 'live/gate-1',
  protocol: 'webrtc',
  id: 'id-1',
  query: '',
  ...over,
})
const ask = async (over: Partial<AuthQuestion>, changed: Partial<AuthRules> = {}) => {
  const verdict = await judge(question(over), { ...rules, ...changed })
  return verdict.status === 200 ? `200 ${verdict.grant?.user ?? 'nobody'}` : `${verdict.status} ${verdict.reason}`
}

describe('who may watch at MediaMTX', () => {
  it('a token as bearer, as password, or in the query of RTSP and RTMP', async () => {
    expect(await ask({ token: 'for:gate-1' })).toBe('200 anna')
    expect(await ask({ password: 'for:*', user: 'x', protocol: 'rtsp' })).toBe('200 anna')
    expect(await ask({ query: 'a=b&token=for:gate-1', protocol: 'rtmp' })).toBe('200 anna')
    expect(await ask({ query: 'token=for:gate-1', protocol: 'hls' })).toBe('401 no token')
  })

  it('a token of one camera opens no other, and a bad one none', async () => {
    expect(await ask({ token: 'for:gate-2' })).toBe('403 the token is for other cameras')
    expect(await ask({ token: 'for:gate-1', path: 'live/gate-1/../gate-2' })).toBe('403 no such path')
    expect(await ask({ token: 'x' })).toBe('401 the token is not taken: malformed')
  })

  it('the first question of an RTSP viewer has no login, and is answered so that it is asked for one', async () => {
    expect(await ask({ protocol: 'rtsp' })).toBe('401 no token')
  })

  it('at this machine too', async () => {
    expect(await ask({ ip: '127.0.0.1', protocol: 'rtsp' })).toBe('401 no token')
    expect(await ask({ ip: '::1', protocol: 'hls' })).toBe('401 no token')
  })

  it('nobody from outside of the networks', async () => {
    expect(await ask({ ip: '9.9.9.9', token: 'for:*' })).toBe('403 outside of the networks that viewers may come from')
  })

  it('the API, metrics and publishing are for vmsctl alone, from this machine, with the secret', async () => {
    const own = { user: 'vmsctl', password: 's3cret', ip: '127.0.0.1' }
    for (const action of ['api', 'metrics', 'pprof', 'publish']) {
      expect(await ask({ ...own, action })).toBe('200 nobody')
      expect(await ask({ ...own, action, ip: '10.0.0.1' })).toBe(`403 ${action} is for vmsctl alone`)
      expect(await ask({ ...own, action, password: 'S3cret' })).toBe(`403 ${action} is for vmsctl alone`)
      expect(await ask({ ...own, action, user: 'any' })).toBe(`403 ${action} is for vmsctl alone`)
      expect(await ask({ action, ip: '127.0.0.1' })).toBe('401 no login')
      expect(await ask({ action, token: 'for:*' })).toBe('401 no login')
    }
    expect(await ask({ ...own, action: 'playback' })).toBe('403 nothing of the kind is served')
  })
})

describe('the route that MediaMTX asks', () => {
  const admissions = new Admissions()
  const app = authRoute(() => rules, admissions, silentLogger)
  const post = (body: unknown) =>
    app.request('/mediamtx/auth', { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) })

  it('answers with a status, and remembers whom it let in', async () => {
    expect((await post(question({ token: 'for:gate-1', id: 'a' }))).status).toBe(200)
    expect((await post(question({ id: 'b' }))).status).toBe(401)
    expect((await post(question({ token: 'for:gate-2', id: 'c' }))).status).toBe(403)
    expect(admissions.find(['x', 'a'])).toMatchObject({ user: 'anna', jti: 'j1' })
    expect(admissions.find(['b', 'c'])).toBeUndefined()
  })

  it('takes what older versions leave out, and refuses what is no question', async () => {
    expect((await post({ action: 'read', path: 'live/gate-1', id: null })).status).toBe(401)
    for (const body of ['', '[]', 'null', '{"user":1}', JSON.stringify({ token: 'x'.repeat(9_000) })])
      expect([body.slice(0, 20), (await post(body)).status]).toEqual([body.slice(0, 20), 400])
    expect((await post('x'.repeat(70_000))).status).toBe(413)
    expect((await app.request('/mediamtx/auth')).status).toBe(404)
  })

  it('reads any JSON without throwing', () => {
    fc.assert(fc.property(fc.jsonValue(), value => void readQuestion(value)))
  })

  it('does not remember without end', () => {
    const many = new Admissions()
    for (let i = 0; i < 60_000; i++) many.remember(`id-${i}`, grant(['*']))
    expect([many.find(['id-0']), many.find(['id-59999'])?.user]).toEqual([undefined, 'anna'])
  })
})
