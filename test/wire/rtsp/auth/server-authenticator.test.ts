import { describe, expect, it } from 'vitest'
import {
  Authenticator,
  RtspHeaders,
  type RtspRequest,
  ServerAuthenticator,
  type ServerAuthOptions,
} from '../../../../src/wire/rtsp/index.ts'
import { FakeClock } from '../../../support/fake-clock.ts'

const secret = Buffer.alloc(32, 7)
const credentials = { username: 'viewer', password: 'pässword' }

function server(clock: FakeClock, more: Partial<ServerAuthOptions> = {}): ServerAuthenticator {
  return new ServerAuthenticator({ realm: 'vms "x"', credentials, secret, clock, ...more })
}

function request(authorization: string | undefined, uri = 'rtsp://h/gate/main'): RtspRequest {
  const headers = new RtspHeaders(authorization === undefined ? [] : [['authorization', authorization]])
  return { type: 'request', method: 'DESCRIBE', uri, headers, body: Buffer.alloc(0) }
}

/** What our own client answers to `challenges`. */
function answer(challenges: string[], given = credentials, uri = 'rtsp://h/gate/main'): string | undefined {
  const client = new Authenticator(given, () => 0.25)
  const headers = new RtspHeaders(challenges.map(value => ['WWW-Authenticate', value] as const))
  client.challenged({ type: 'response', status: 401, reason: '', headers, body: Buffer.alloc(0) }, false, 0)
  return client.authorization('DESCRIBE', uri)
}

describe('ServerAuthenticator', () => {
  it.each([0, 1])('takes the answer to its challenge %i', which => {
    const auth = server(new FakeClock())
    expect(auth.verify(request(answer([auth.challenges()[which]!])))).toBe('ok')
  })

  it('takes an answer with qop too', () => {
    const auth = server(new FakeClock())
    expect(auth.verify(request(answer([`${auth.challenges()[0]}, qop="auth"`])))).toBe('ok')
  })

  it.each([
    ['no header', undefined, 'missing'],
    ['Basic', `Basic ${Buffer.from('viewer:pässword').toString('base64')}`, 'missing'],
    ['an unknown scheme', 'Bearer abc', 'missing'],
    ['an empty Digest', 'Digest', 'wrong'],
    ['rubbish', 'Digest username="viewer", nonce="", response=""', 'wrong'],
  ])('%s is %s', (_name, authorization, verdict) => {
    expect(server(new FakeClock()).verify(request(authorization))).toBe(verdict)
  })

  it('refuses another password, another user, another path', () => {
    const auth = server(new FakeClock())
    const wrong = answer(auth.challenges(), { username: 'viewer', password: 'pass' })
    const other = answer(auth.challenges(), { username: 'admin', password: 'pässword' })
    const elsewhere = answer(auth.challenges(), credentials, 'rtsp://h/yard/main')
    for (const authorization of [wrong, other, elsewhere]) expect(auth.verify(request(authorization))).toBe('wrong')
  })

  it('knows the URL of a track from that of its stream', () => {
    const auth = server(new FakeClock())
    expect(auth.verify(request(answer(auth.challenges()), 'rtsp://h/gate/main/trackID=0'))).toBe('ok')
  })

  it('calls an old nonce stale when the password was right, and says so in the next challenge', () => {
    const clock = new FakeClock()
    const auth = server(clock, { nonceLife: 60_000 })
    const right = answer(auth.challenges())
    const wrong = answer(auth.challenges(), { username: 'viewer', password: 'x' })
    clock.advance(60_000)
    expect(auth.verify(request(right))).toBe('ok')
    clock.advance(1)
    expect(auth.verify(request(right))).toBe('stale')
    expect(auth.verify(request(wrong))).toBe('wrong')
    expect(auth.challenges(true).every(line => line.endsWith('stale=true'))).toBe(true)
  })

  it('takes the nonces of a process with the same secret, and calls others stale', () => {
    const clock = new FakeClock()
    const authorization = answer(server(clock).challenges())
    expect(server(clock).verify(request(authorization))).toBe('ok')
    expect(server(clock, { secret: Buffer.alloc(32, 8) }).verify(request(authorization))).toBe('stale')
  })

  it('takes Basic only when told to', () => {
    const auth = server(new FakeClock(), { basic: true })
    expect(auth.challenges()[2]).toBe('Basic realm="vms \\"x\\""')
    expect(auth.verify(request(answer([auth.challenges()[2]!])))).toBe('ok')
    expect(auth.verify(request('Basic eDp5'))).toBe('wrong')
  })
})
