import { describe, expect, it } from 'vitest'
import {
  Authenticator,
  type AuthVerdict,
  parseAuthorization,
  RtspHeaders,
  type RtspResponse,
} from '../../../../src/wire/rtsp/index.ts'

function unauthorized(...challenges: string[]): RtspResponse {
  const headers = new RtspHeaders(challenges.map(value => ['WWW-Authenticate', value] as const))
  return { type: 'response', status: 401, reason: 'Unauthorized', headers, body: Buffer.alloc(0) }
}

const login = { username: 'admin', password: 'pw' }
const digest = (nonce: string, more = '') => `Digest realm="r", nonce="${nonce}"${more}`

function parameters(authenticator: Authenticator): Record<string, string> {
  const header = authenticator.authorization('DESCRIBE', 'rtsp://h/a')
  return Object.fromEntries(parseAuthorization(header)?.parameters ?? [])
}

describe('Authenticator', () => {
  it('says nothing until it is asked', () => {
    expect(new Authenticator(login, () => 0).authorization('OPTIONS', 'rtsp://h/')).toBeUndefined()
  })

  it.each([
    ['Digest before Basic', ['Basic realm="r"', digest('n')], 'Digest', undefined],
    ['SHA-256 before MD5', [digest('n', ', algorithm=MD5'), digest('m', ', algorithm=SHA-256')], 'Digest', 'SHA-256'],
    ['what it knows', [digest('n', ', algorithm=TIGER'), 'Negotiate', 'Basic realm="r"'], 'Basic', undefined],
    ['the first of two alike', [digest('n', ', algorithm=MD5'), digest('m')], 'Digest', 'MD5'],
  ])('takes %s', (_name, challenges, scheme, algorithm) => {
    for (const lines of [challenges, [challenges.join(', ')]]) {
      const authenticator = new Authenticator(login, () => 0)
      expect(authenticator.challenged(unauthorized(...lines), false, 0)).toBe('retry')
      const header = authenticator.authorization('DESCRIBE', 'rtsp://h/a') ?? ''
      expect(header.startsWith(`${scheme} `)).toBe(true)
      expect(parseAuthorization(header)?.parameters.get('algorithm')).toBe(algorithm)
    }
  })

  it('sends Basic as UTF-8', () => {
    const authenticator = new Authenticator({ username: 'jürgen', password: 'a:b' }, () => 0)
    authenticator.challenged(unauthorized('Basic realm="r"'), false, 0)
    const sent = authenticator.authorization('OPTIONS', '*')?.slice(6) ?? ''
    expect(Buffer.from(sent, 'base64').toString()).toBe('jürgen:a:b')
  })

  it('counts the uses of a nonce, from one with every new nonce', () => {
    const authenticator = new Authenticator(login, () => 0.5)
    authenticator.challenged(unauthorized(digest('n', ', qop="auth-int,auth", opaque="o"')), false, 0)
    expect(parameters(authenticator)).toMatchObject({
      nc: '00000001',
      qop: 'auth',
      cnonce: '8000000080000000',
      opaque: 'o',
    })
    expect(parameters(authenticator)).toMatchObject({ nc: '00000002' })
    authenticator.challenged(unauthorized(digest('m', ', qop="auth", stale=true')), true, 0)
    expect(parameters(authenticator)).toMatchObject({ nc: '00000001', nonce: 'm' })
  })

  it('keeps its client nonce as long as the server keeps its nonce: the key of -sess is made of both', () => {
    const numbers = [0.1, 0.2, 0.3, 0.4]
    const authenticator = new Authenticator(login, () => numbers.shift() ?? 0)
    authenticator.challenged(unauthorized(digest('n', ', qop="auth", algorithm=MD5-sess')), false, 0)
    const { cnonce } = parameters(authenticator)
    expect(parameters(authenticator)).toMatchObject({ cnonce, nc: '00000002' })
    authenticator.challenged(unauthorized(digest('m', ', qop="auth", algorithm=MD5-sess, stale=true')), true, 0)
    expect(parameters(authenticator).cnonce).not.toBe(cnonce)
  })

  it('leaves qop and algorithm out where the server does', () => {
    const authenticator = new Authenticator(login, () => 0)
    authenticator.challenged(unauthorized(digest('n')), false, 0)
    expect(Object.keys(parameters(authenticator))).toEqual(['username', 'realm', 'nonce', 'uri', 'response'])
  })

  it('gives a realm with quotes back as it came', () => {
    const authenticator = new Authenticator(login, () => 0)
    authenticator.challenged(unauthorized('Digest realm="a \\"b\\" c", nonce="n"'), false, 0)
    expect(authenticator.authorization('OPTIONS', '*')).toContain('realm="a \\"b\\" c"')
  })

  it.each<[string, string, { sent: boolean; tries: number; accepted: boolean }, AuthVerdict]>([
    ['the first', digest('n'), { sent: false, tries: 0, accepted: false }, 'retry'],
    ['a wrong password', digest('n'), { sent: true, tries: 1, accepted: false }, 'refused'],
    ['a wrong password with a new nonce', digest('m'), { sent: true, tries: 1, accepted: false }, 'refused'],
    ['a stale nonce', digest('m', ', stale=TRUE'), { sent: true, tries: 1, accepted: false }, 'retry'],
    ['always stale', digest('m', ', stale=true'), { sent: true, tries: 2, accepted: false }, 'refused'],
    ['a new nonce after success', digest('m'), { sent: true, tries: 0, accepted: true }, 'retry'],
    ['a new nonce again', digest('m'), { sent: true, tries: 1, accepted: true }, 'refused'],
    ['the old nonce after success', digest('n'), { sent: true, tries: 0, accepted: true }, 'refused'],
    ['Basic that was refused', 'Basic realm="r"', { sent: true, tries: 2, accepted: false }, 'refused'],
    ['an unknown scheme', 'NTLM', { sent: false, tries: 0, accepted: false }, 'unsupported'],
    ['no nonce', 'Digest realm="r"', { sent: false, tries: 0, accepted: false }, 'unsupported'],
  ])('%s', (_name, challenge, { sent, tries, accepted }, verdict) => {
    const authenticator = new Authenticator(login, () => 0)
    if (sent) authenticator.challenged(unauthorized(digest('n')), false, 0)
    if (accepted) authenticator.accepted()
    expect(authenticator.challenged(unauthorized(challenge), sent, tries)).toBe(verdict)
  })

  it('has nothing to say without credentials', () => {
    const authenticator = new Authenticator(undefined, () => 0)
    expect(authenticator.challenged(unauthorized(digest('n')), false, 0)).toBe('refused')
    expect(authenticator.authorization('OPTIONS', '*')).toBeUndefined()
  })
})
