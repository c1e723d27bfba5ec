import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAuthorization, parseChallenges } from '../../../../src/wire/rtsp/index.ts'

function plain(lines: string[]): unknown[] {
  return parseChallenges(lines).map(({ scheme, token, parameters }) => [scheme, token, Object.fromEntries(parameters)])
}

describe('parseChallenges', () => {
  it('reads several challenges in one line and in several', () => {
    expect(plain(['Digest realm="a", nonce="n==", stale=FALSE, Basic realm="b"', 'digest realm=c,nonce="m"'])).toEqual([
      ['digest', '', { realm: 'a', nonce: 'n==', stale: 'FALSE' }],
      ['basic', '', { realm: 'b' }],
      ['digest', '', { realm: 'c', nonce: 'm' }],
    ])
  })

  it.each([
    ['Digest realm="a, \\"b\\", c", nonce="x"', { realm: 'a, "b", c', nonce: 'x' }],
    [
      'Digest realm = "IP Camera(12345)" , nonce= "x",qop="auth,auth-int"',
      { realm: 'IP Camera(12345)', nonce: 'x', qop: 'auth,auth-int' },
    ],
    ['Digest qop=auth,auth-int, realm="a", nonce="x"', { qop: 'auth', realm: 'a', nonce: 'x' }],
    ['DIGEST  Realm="a",NONCE=abc,opaque=""', { realm: 'a', nonce: 'abc', opaque: '' }],
    ['Digest nonce="a", realm="never closed', { nonce: 'a', realm: 'never closed' }],
  ])('%s', (line, wanted) => {
    expect(plain([line])).toEqual([['digest', '', wanted]])
  })

  it('reads Basic credentials', () => {
    expect(parseAuthorization('Basic YTpiPT0=')).toMatchObject({ scheme: 'basic', token: 'YTpiPT0=' })
    expect(parseAuthorization('Basic YTpi')).toMatchObject({ scheme: 'basic', token: 'YTpi' })
    expect(parseAuthorization(undefined)).toBeUndefined()
  })

  it('survives any text', () => {
    fc.assert(fc.property(fc.array(fc.stringMatching(/^[A-Za-z="\\, ]{0,100}$/)), lines => void parseChallenges(lines)))
  })
})
