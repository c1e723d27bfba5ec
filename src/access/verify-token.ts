import type { AccessRules, Grant, TokenFault, TokenRefusal } from './grant.ts'

/** `aud` of our tokens: they are for viewing, and for nothing else. */
export const AUDIENCE = 'vmsctl-view'
export const ALGORITHM = 'EdDSA'
/** Characters of a token. */
export const MAX_TOKEN = 8_192
/** Seconds by which the clocks of two machines may differ. */
const LEEWAY = 5
const REQUIRED = ['sub', 'cameras', 'exp', 'nbf', 'iat', 'jti']

/**
 * Whether a token (JWT, RFC 7519, signed with Ed25519) holds at `now`, wall-clock milliseconds. Never rejects, whatever the
 * token is: it comes from the network. The algorithm is looked at before anything else.
 */
export async function verifyToken(token: string, rules: AccessRules, now: number): Promise<Grant | TokenRefusal> {
  if (token.length > MAX_TOKEN) return { fault: 'malformed' }
  const { decodeProtectedHeader, errors, jwtVerify } = await jose()
  try {
    const { alg, kid } = decodeProtectedHeader(token)
    if (alg !== ALGORITHM) return { fault: 'algorithm' }
    const key = rules.keys.find(each => each.kid === kid)
    if (!key) return { fault: 'unknown key' }
    const { payload } = await jwtVerify(token, key, {
      algorithms: [ALGORITHM],
      audience: AUDIENCE,
      requiredClaims: REQUIRED,
      clockTolerance: LEEWAY,
      currentDate: new Date(now),
    })
    // jose looks at `iat` only where an age is asked for.
    if ((payload.iat ?? 0) * 1_000 > now + LEEWAY * 1_000) return { fault: 'not yet valid' }
    const grant = grantOf(payload)
    if (!grant) return { fault: 'malformed' }
    return rules.revoked.includes(grant.jti) ? { fault: 'revoked' } : grant
  } catch (error) {
    return { fault: faultOf(error, errors) }
  }
}

/** Loaded with the first token: a media worker that was killed must be back before anything else. */
async function jose() {
  const [header, errors, verify] = await Promise.all([
    import('jose/decode/protected_header'),
    import('jose/errors'),
    import('jose/jwt/verify'),
  ])
  return { ...header, errors, ...verify }
}

function grantOf({ sub, cameras, jti, exp }: Record<string, unknown>): Grant | undefined {
  if (!isName(sub) || !isName(jti) || typeof exp !== 'number') return undefined
  if (!Array.isArray(cameras) || !cameras.every(isName)) return undefined
  return { user: sub, cameras, jti, expires: exp * 1_000 }
}

/** Signed by us or not: what stands in logs and pages is one line of reasonable length. */
function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 256 && !/\p{Cc}/u.test(value)
}

function faultOf(error: unknown, errors: typeof import('jose/errors')): TokenFault {
  if (error instanceof errors.JWTExpired) return 'expired'
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'wrong signature'
  if (error instanceof errors.JWTClaimValidationFailed && error.reason === 'check_failed') {
    if (error.claim === 'nbf') return 'not yet valid'
    if (error.claim === 'aud') return 'wrong audience'
  }
  return 'malformed'
}
