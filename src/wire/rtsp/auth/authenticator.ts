import type { RtspResponse } from '../message.ts'
import { quote } from '../parameters.ts'
import { type AuthFields, parseChallenges } from './challenge.ts'
import { byteString, type DigestAlgorithm, type DigestInput, digestAlgorithm, digestResponse } from './digest.ts'

export interface RtspCredentials {
  readonly username: string
  readonly password: string
}

/** What to do about a 401. */
export type AuthVerdict =
  /** Send the request once more, with what `authorization` now gives. */
  | 'retry'
  /** Name or password are wrong, or there are none. */
  | 'refused'
  /** The server asks for a scheme or hash that is not ours. */
  | 'unsupported'

type Answer =
  | { readonly kind: 'basic' }
  | { readonly kind: 'digest'; readonly fields: AuthFields; readonly algorithm: DigestAlgorithm }

/**
 * The client's side of authentication on one connection: Basic and Digest (RFC 2617, RFC 7616). Takes the strongest
 * challenge offered, then sends credentials with every request. A wrong password is tried once and no more, since cameras
 * lock accounts: a second 401 is answered only where the server says `stale`, or has taken this password before and changed
 * its nonce.
 */
export class Authenticator {
  readonly #credentials: RtspCredentials | undefined
  readonly #random: () => number
  #answer: Answer | undefined
  #accepted = false
  #nonceCount = 0
  /** One for each nonce: with -sess the server's key holds the first (RFC 7616 section 3.4.2). */
  #cnonce = ''

  /** `random` gives numbers in [0, 1), for client nonces. */
  constructor(credentials: RtspCredentials | undefined, random: () => number) {
    this.#credentials = credentials && {
      username: byteString(credentials.username),
      password: byteString(credentials.password),
    }
    this.#random = random
  }

  /** Value of the Authorization header for a request, undefined while the server has not asked for one. */
  authorization(method: string, uri: string, body?: Uint8Array): string | undefined {
    if (!this.#credentials || !this.#answer) return undefined
    if (this.#answer.kind === 'digest') return this.#digest(this.#credentials, this.#answer, method, uri, body)
    const { username, password } = this.#credentials
    return `Basic ${Buffer.from(`${username}:${password}`, 'latin1').toString('base64')}`
  }

  /**
   * Takes a 401. `tries` counts the 401s that this one request met before (0 for the first), `sent` says whether it
   * carried credentials.
   */
  challenged(response: RtspResponse, sent: boolean, tries: number): AuthVerdict {
    if (!this.#credentials) return 'refused'
    const before = this.#answer
    const answer = strongest(parseChallenges(response.headers.all('WWW-Authenticate')))
    if (!answer) return 'unsupported'
    this.#answer = answer
    this.#nonceCount = 0
    this.#cnonce = this.#clientNonce()
    if (!sent) return 'retry'
    if (answer.kind === 'basic') return before?.kind === 'digest' && tries < 2 ? 'retry' : 'refused'
    const stale = answer.fields.parameters.get('stale')?.toLowerCase() === 'true'
    const renewed = before?.kind !== 'digest' || nonce(before) !== nonce(answer)
    if (stale) return tries < 2 ? 'retry' : 'refused'
    return this.#accepted && renewed && tries === 0 ? 'retry' : 'refused'
  }

  /** A request that carried credentials was not answered 401: they are right. */
  accepted(): void {
    if (this.#answer) this.#accepted = true
  }

  #digest(
    credentials: RtspCredentials,
    { fields, algorithm }: Extract<Answer, { kind: 'digest' }>,
    method: string,
    uri: string,
    body: Uint8Array | undefined,
  ): string {
    const { parameters } = fields
    const realm = parameters.get('realm') ?? ''
    const nonce = parameters.get('nonce') ?? ''
    const opaque = parameters.get('opaque')
    const offered = parameters.get('qop')?.toLowerCase().split(/[,\s]/) ?? []
    const qop: DigestInput['qop'] = offered.includes('auth')
      ? 'auth'
      : offered.includes('auth-int')
        ? 'auth-int'
        : undefined
    const nonceCount = (++this.#nonceCount).toString(16).padStart(8, '0')
    const cnonce = this.#cnonce
    const { username } = credentials
    const input = { algorithm, ...credentials, realm, method, uri, nonce, qop, nonceCount, cnonce, body }
    const parts = [
      `username=${quote(username)}`,
      `realm=${quote(realm)}`,
      `nonce=${quote(nonce)}`,
      `uri=${quote(uri)}`,
      `response="${digestResponse(input)}"`,
    ]
    // Some cameras refuse an algorithm that they did not name themselves.
    const named = parameters.get('algorithm')
    if (named !== undefined) parts.push(`algorithm=${named}`)
    if (opaque !== undefined) parts.push(`opaque=${quote(opaque)}`)
    if (qop) parts.push(`qop=${qop}`, `nc=${nonceCount}`, `cnonce="${cnonce}"`)
    else if (algorithm.session) parts.push(`cnonce="${cnonce}"`)
    return `Digest ${parts.join(', ')}`
  }

  #clientNonce(): string {
    const word = () =>
      Math.floor(this.#random() * 2 ** 32)
        .toString(16)
        .padStart(8, '0')
    return word() + word()
  }
}

/** The best challenge that is ours: Digest by strength of its hash, then Basic. */
function strongest(challenges: readonly AuthFields[]): Answer | undefined {
  let best: Extract<Answer, { kind: 'digest' }> | undefined
  for (const fields of challenges) {
    if (fields.scheme !== 'digest' || !fields.parameters.has('nonce')) continue
    const algorithm = digestAlgorithm(fields.parameters.get('algorithm'))
    if (algorithm && algorithm.strength > (best?.algorithm.strength ?? -1)) best = { kind: 'digest', fields, algorithm }
  }
  return best ?? (challenges.some(({ scheme }) => scheme === 'basic') ? { kind: 'basic' } : undefined)
}

function nonce(answer: Extract<Answer, { kind: 'digest' }>): string | undefined {
  return answer.fields.parameters.get('nonce')
}
