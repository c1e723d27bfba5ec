import { createHmac, sign } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AccessRules, EVERY_CAMERA, grants, isRefusal, verifyToken } from '../../src/access/index.ts'
import { signToken } from '../../src/access/sign-token.ts'
import { MAX_TOKEN } from '../../src/access/verify-token.ts'
import { grantOf, newKeys } from './support.ts'

const NOW = Date.UTC(2026, 10, 25, 12)
const keys = newKeys()
const rules: AccessRules = { keys: [newKeys('k0').public, keys.public], revoked: ['token-9'] }
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const CLAIMS = {
  sub: 'anna',
  cameras: ['gate-1'],
  aud: 'vmsctl-view',
  jti: 'token-1',
  iat: NOW / 1_000,
  nbf: NOW / 1_000,
  exp: NOW / 1_000 + 60,
}

/** A token with these parts, signed with our key as it is: what another program could make of it. */
function forged(header: unknown, claims: unknown, key = keys.key): string {
  const body = `${encode(header)}.${encode(claims)}`
  return `${body}.${sign(null, Buffer.from(body), key).toString('base64url')}`
}

const fault = async (token: string, now = NOW) => {
  const answer = await verifyToken(token, rules, now)
  return isRefusal(answer) ? answer.fault : answer
}

describe('a token of ours', () => {
  it('says who may see what until when', async () => {
    const grant = grantOf(NOW, { cameras: ['gate-1', 'hall-007'] })
    expect(await verifyToken(await signToken(grant, NOW, keys), rules, NOW)).toEqual(grant)
    expect([grants(grant, 'hall-007'), grants(grant, 'gate-2')]).toEqual([true, false])
    expect(grants(grantOf(NOW, { cameras: [EVERY_CAMERA] }), 'gate-2')).toBe(true)
  })

  it('holds from five seconds before its beginning to five after its end', async () => {
    const token = await signToken(grantOf(NOW), NOW, keys)
    expect(await fault(token, NOW - 5_000)).toMatchObject({ user: 'anna' })
    expect(await fault(token, NOW - 6_000)).toBe('not yet valid')
    expect(await fault(token, NOW + 3_604_000)).toMatchObject({ user: 'anna' })
    expect(await fault(token, NOW + 3_605_000)).toBe('expired')
  })

  it('does not hold once it is revoked, or its key is gone', async () => {
    expect(await fault(await signToken(grantOf(NOW, { jti: 'token-9' }), NOW, keys))).toBe('revoked')
    const other = newKeys('k2')
    expect(await fault(await signToken(grantOf(NOW), NOW, other))).toBe('unknown key')
    expect(await fault(await signToken(grantOf(NOW), NOW, { ...other, kid: 'k1' }))).toBe('wrong signature')
  })
})

describe('a forged token', () => {
  it('is refused for its algorithm before anything else', async () => {
    const publicBytes = Buffer.from(keys.public.x, 'base64url')
    const body = `${encode({ alg: 'HS256', kid: 'k1' })}.${encode(CLAIMS)}`
    // The old confusion: our public key taken as the secret of an HMAC.
    const hmac = createHmac('sha256', publicBytes).update(body).digest('base64url')
    expect(await fault(`${body}.${hmac}`)).toBe('algorithm')
    for (const alg of ['none', 'None', 'HS256', 'RS256', 'ES256', 'Ed25519', 'eddsa', '', null, undefined, ['EdDSA']]) {
      for (const signature of ['', 'AAAA'])
        expect(await fault(`${encode({ alg, kid: 'k1' })}.${encode(CLAIMS)}.${signature}`)).toBe('algorithm')
      expect(await fault(forged({ alg, kid: 'nobody' }, {}))).toBe('algorithm')
    }
  })

  it('is refused for what it does not say as ours do', async () => {
    const header = { alg: 'EdDSA', kid: 'k1' }
    expect(await fault(forged(header, CLAIMS))).toMatchObject({ user: 'anna' })
    expect(await fault(forged({ alg: 'EdDSA' }, CLAIMS))).toBe('unknown key')
    expect(await fault(forged({ ...header, crit: ['b64'], b64: false }, CLAIMS))).toBe('malformed')
    expect(await fault(forged(header, { ...CLAIMS, aud: 'vmsctl-admin' }))).toBe('wrong audience')
    expect(await fault(forged(header, { ...CLAIMS, iat: CLAIMS.iat + 60 }))).toBe('not yet valid')
    for (const missing of Object.keys(CLAIMS))
      expect(await fault(forged(header, { ...CLAIMS, [missing]: undefined }))).toBe('malformed')
    for (const wrong of [{ sub: '' }, { sub: 'a\nb' }, { sub: 'a'.repeat(257) }, { jti: 7 }, { exp: 'tomorrow' }])
      expect(await fault(forged(header, { ...CLAIMS, ...wrong }))).toBe('malformed')
    for (const cameras of ['*', [7], [['gate-1']], { 0: 'gate-1' }, null])
      expect(await fault(forged(header, { ...CLAIMS, cameras }))).toBe('malformed')
  })

  it('is not read at all when it is too long', async () => {
    const long = forged({ alg: 'EdDSA', kid: 'k1' }, { ...CLAIMS, cameras: Array(1_000).fill('gate-1') })
    expect(long.length).toBeGreaterThan(MAX_TOKEN)
    expect(await fault(long)).toBe('malformed')
  })
})

describe('any bytes', () => {
  it('are refused with a reason', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.uint8Array({ maxLength: 300 }).map(bytes => Buffer.from(bytes).toString('latin1')),
      fc.tuple(fc.json(), fc.json(), fc.base64String()).map(([head, body, tail]) => {
        const part = (json: string) => Buffer.from(json).toString('base64url')
        return `${part(head)}.${part(body)}.${tail}`
      }),
    )
    await fc.assert(
      fc.asyncProperty(text, async token => {
        expect(isRefusal(await verifyToken(token, rules, NOW))).toBe(true)
      }),
    )
  })

  it('of one of ours with a changed character are refused', async () => {
    const token = await signToken(grantOf(NOW), NOW, keys)
    await fc.assert(
      fc.asyncProperty(fc.nat(token.length - 1), fc.string({ minLength: 1, maxLength: 1 }), async (at, character) => {
        const changed = token.slice(0, at) + character + token.slice(at + 1)
        const answer = await verifyToken(changed, rules, NOW)
        // The last characters of a part in base64url hold bits that are not used.
        const same = changed.split('.').every((part, i) => sameBytes(part, token.split('.')[i]!))
        if (!same) expect(isRefusal(answer)).toBe(true)
      }),
    )
  })
})

function sameBytes(a: string, b: string): boolean {
  return Buffer.from(a, 'base64url').equals(Buffer.from(b, 'base64url'))
}
