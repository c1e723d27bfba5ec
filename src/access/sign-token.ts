import type { KeyObject } from 'node:crypto'
import type { Grant } from './grant.ts'
import { ALGORITHM, AUDIENCE } from './verify-token.ts'

/** A key that signs; `key` is the private one. */
export interface SigningKey {
  readonly kid: string
  readonly key: KeyObject
}

/** The text of a token. `issued` is wall-clock milliseconds, from when on it holds; whole seconds count. */
export async function signToken(grant: Grant, issued: number, { kid, key }: SigningKey): Promise<string> {
  const seconds = (milliseconds: number) => Math.floor(milliseconds / 1_000)
  const { SignJWT } = await import('jose/jwt/sign')
  return new SignJWT({ cameras: [...grant.cameras] })
    .setProtectedHeader({ alg: ALGORITHM, kid })
    .setSubject(grant.user)
    .setAudience(AUDIENCE)
    .setJti(grant.jti)
    .setIssuedAt(seconds(issued))
    .setNotBefore(seconds(issued))
    .setExpirationTime(seconds(grant.expires))
    .sign(key)
}
