import { generateKeyPairSync } from 'node:crypto'
import type { Grant, PublicKey } from '../../src/access/index.ts'
import type { SigningKey } from '../../src/access/sign-token.ts'

/** A pair of keys as the program keeps them. */
export function newKeys(kid = 'k1'): SigningKey & { readonly public: PublicKey } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const { x = '' } = publicKey.export({ format: 'jwk' })
  return { kid, key: privateKey, public: { kty: 'OKP', crv: 'Ed25519', kid, x } }
}

/** An hour of gate-1 for Anna, from `now` on. */
export function grantOf(now: number, more: Partial<Grant> = {}): Grant {
  return { user: 'anna', cameras: ['gate-1'], jti: 'token-1', expires: now + 3_600_000, ...more }
}
