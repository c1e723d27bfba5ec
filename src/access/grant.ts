/** What a token that holds allows. */
export interface Grant {
  readonly user: string
  /** Ids, or `*` alone for every camera. */
  readonly cameras: readonly string[]
  /** Id of the token, for revoking it and for the history. */
  readonly jti: string
  /** Wall-clock milliseconds. */
  readonly expires: number
}

/** Why a token is not taken. For a person, and never with anything of the token in it. */
export type TokenFault =
  | 'malformed'
  | 'algorithm'
  | 'unknown key'
  | 'wrong signature'
  | 'wrong audience'
  | 'not yet valid'
  | 'expired'
  | 'revoked'

export interface TokenRefusal {
  readonly fault: TokenFault
}

/** Public half of a signing key, as JWK (RFC 8037). */
export interface PublicKey {
  readonly kty: 'OKP'
  readonly crv: 'Ed25519'
  readonly kid: string
  /** Base64url of the 32 bytes. */
  readonly x: string
}

/** What decides which tokens hold; told to everybody who is asked for admission. */
export interface AccessRules {
  readonly keys: readonly PublicKey[]
  /** Ids of tokens that were taken back and would not have run out yet, or not long ago. */
  readonly revoked: readonly string[]
}

/** Stands in `Grant.cameras` for every camera, also those that are configured later. */
export const EVERY_CAMERA = '*'

export function grants(grant: Pick<Grant, 'cameras'>, camera: string): boolean {
  return grant.cameras.includes(camera) || grant.cameras.includes(EVERY_CAMERA)
}

export function isRefusal(answer: Grant | TokenRefusal): answer is TokenRefusal {
  return 'fault' in answer
}
