import { createHash } from 'node:crypto'

/** Hash functions of Digest (RFC 7616 section 3.3, RFC 2617 for MD5), weakest first. */
const HASHES = [
  ['MD5', 'md5'],
  ['SHA-256', 'sha256'],
  ['SHA-512-256', 'sha512-256'],
] as const

export interface DigestAlgorithm {
  /** `MD5`, `SHA-256-sess` and so on, as RFC 7616 writes it. */
  readonly name: string
  /** The name node:crypto knows. */
  readonly hash: string
  readonly session: boolean
  /** Larger is stronger. */
  readonly strength: number
}

/** What the algorithm parameter names; MD5 where it is absent. Undefined for one that nobody knows. */
export function digestAlgorithm(name: string | undefined): DigestAlgorithm | undefined {
  // SHA256 and SHA_256 are seen as well as SHA-256.
  const plain =
    (name ?? '')
      .trim()
      .toUpperCase()
      .replaceAll('_', '-')
      .replace(/^SHA(?=\d)/, 'SHA-') || 'MD5'
  const session = plain.endsWith('-SESS')
  const wanted = session ? plain.slice(0, -5) : plain
  const strength = HASHES.findIndex(([known]) => known === wanted)
  const found = HASHES[strength]
  return found && { name: session ? `${found[0]}-sess` : found[0], hash: found[1], session, strength }
}

/** Everything a Digest response is computed from. Texts are byte strings (latin1). */
export interface DigestInput {
  readonly algorithm: DigestAlgorithm
  readonly username: string
  readonly realm: string
  readonly password: string
  readonly method: string
  readonly uri: string
  readonly nonce: string
  /** Undefined for the form of RFC 2069, which knows no qop. */
  readonly qop: 'auth' | 'auth-int' | undefined
  /** Eight hex digits. Used with qop. */
  readonly nonceCount: string
  readonly cnonce: string
  /** Used with qop auth-int. */
  readonly body?: Uint8Array | undefined
}

/** The response parameter: RFC 7616 section 3.4.1, without qop RFC 2617 section 3.2.2.1. In lower case hex. */
export function digestResponse(input: DigestInput): string {
  const h = (text: string) => hash(input.algorithm, text)
  const secret = h(`${input.username}:${input.realm}:${input.password}`)
  const ha1 = input.algorithm.session ? h(`${secret}:${input.nonce}:${input.cnonce}`) : secret
  const entity = input.qop === 'auth-int' ? `:${hash(input.algorithm, input.body ?? '')}` : ''
  const ha2 = h(`${input.method}:${input.uri}${entity}`)
  if (input.qop === undefined) return h(`${ha1}:${input.nonce}:${ha2}`)
  return h(`${ha1}:${input.nonce}:${input.nonceCount}:${input.cnonce}:${input.qop}:${ha2}`)
}

/** A user name or password as the bytes that are hashed: UTF-8 (RFC 7616 section 4). */
export function byteString(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

function hash(algorithm: DigestAlgorithm, data: string | Uint8Array): string {
  const bytes = typeof data === 'string' ? Buffer.from(data, 'latin1') : data
  return createHash(algorithm.hash).update(bytes).digest('hex')
}
