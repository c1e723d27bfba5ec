import { describe, expect, it } from 'vitest'
import { byteString, type DigestInput, digestAlgorithm, digestResponse } from '../../../../src/wire/rtsp/auth/digest.ts'

function input(algorithm: string | undefined, fields: Partial<DigestInput>): DigestInput {
  return {
    algorithm: digestAlgorithm(algorithm)!,
    username: 'Mufasa',
    realm: 'http-auth@example.org',
    password: 'Circle of Life',
    method: 'GET',
    uri: '/dir/index.html',
    nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
    qop: 'auth',
    nonceCount: '00000001',
    cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
    ...fields,
  }
}

describe('digestResponse', () => {
  it('is that of RFC 2617 section 3.5', () => {
    const fields = {
      realm: 'testrealm@host.com',
      password: 'Circle Of Life',
      nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
      cnonce: '0a4f113b',
    }
    expect(digestResponse(input(undefined, fields))).toBe('6629fae49393a05397450978507c4ef1')
    // The same without qop, as RFC 2069 and most cameras have it.
    expect(digestResponse(input('MD5', { ...fields, qop: undefined }))).toBe('670fd8c2df070c60b045671b8b24ff02')
  })

  it.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('is that of RFC 7616 section 3.9.1, %s', (algorithm, wanted) => {
    expect(digestResponse(input(algorithm, {}))).toBe(wanted)
  })

  it('is that of RFC 7616 section 3.9.2 as its erratum 4897 corrects it', () => {
    const fields = {
      username: byteString('J\u00e4s\u00f8n Doe'),
      realm: 'api@example.org',
      password: 'Secret, or not?',
      uri: '/doe.json',
      nonce: '5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK',
      cnonce: 'NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v',
    }
    expect(digestResponse(input('SHA-512-256', fields))).toBe(
      '3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5',
    )
  })

  it('depends on the client nonce twice with -sess, and on the body with auth-int', () => {
    const responses = [
      input('MD5', {}),
      input('MD5-sess', {}),
      input('MD5', { qop: 'auth-int', body: Buffer.from('a') }),
      input('MD5', { qop: 'auth-int', body: Buffer.from('b') }),
    ].map(digestResponse)
    expect(new Set(responses).size).toBe(4)
  })
})

describe('digestAlgorithm', () => {
  it.each([
    [undefined, 'MD5'],
    ['', 'MD5'],
    ['md5', 'MD5'],
    ['SHA256', 'SHA-256'],
    ['sha_256', 'SHA-256'],
    ['SHA-256-SESS', 'SHA-256-sess'],
    ['SHA-512-256', 'SHA-512-256'],
    ['MD4', undefined],
  ])('%j is %j', (text, name) => {
    expect(digestAlgorithm(text)?.name).toBe(name)
  })
})
