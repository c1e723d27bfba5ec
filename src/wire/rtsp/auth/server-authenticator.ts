import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../../../kernel/clock.ts'
import type { RtspRequest } from '../message.ts'
import { quote } from '../parameters.ts'
import { splitUrl } from '../url.ts'
import type { RtspCredentials } from './authenticator.ts'
import { parseAuthorization } from './challenge.ts'
import { byteString, digestAlgorithm, digestResponse } from './digest.ts'

export interface ServerAuthOptions {
  readonly realm: string
  readonly credentials: RtspCredentials
  /** Key of the nonces: 16 random bytes or more, the same in all processes that answer for one listener. */
  readonly secret: Uint8Array
  readonly clock: Clock
  /** Milliseconds that a nonce is good for; 300 000 by default. */
  readonly nonceLife?: number
  /** Also take Basic, which sends the password as it is: only behind TLS. Off by default. */
  readonly basic?: boolean
}

export type ServerAuthVerdict = 'ok' | 'missing' | 'wrong' | 'stale'

/**
 * The server's side of authentication: Digest with MD5 and SHA-256 (RFC 7616), Basic on demand. Keeps nothing: a nonce is
 * the time it was made and an HMAC of that, so any process with the same secret can check it.
 */
export class ServerAuthenticator {
  readonly #options: ServerAuthOptions
  readonly #life: number
  readonly #username: string
  readonly #password: string

  constructor(options: ServerAuthOptions) {
    this.#options = options
    this.#life = options.nonceLife ?? 300_000
    this.#username = byteString(options.credentials.username)
    this.#password = byteString(options.credentials.password)
  }

  /** Values of the WWW-Authenticate lines of a 401, strongest first. `stale` after a verdict of that name. */
  challenges(stale = false): string[] {
    const realm = `realm=${quote(this.#options.realm)}`
    const nonce = `nonce="${this.#nonce(Math.floor(this.#options.clock.wall()))}"`
    const tail = stale ? ', stale=true' : ''
    // SHA-256 first by RFC 7616; clients that know only MD5 skip it. No qop: RTSP clients of every age then agree.
    const lines = ['SHA-256', 'MD5'].map(name => `Digest ${realm}, ${nonce}, algorithm=${name}${tail}`)
    return this.#options.basic ? [...lines, `Basic ${realm}`] : lines
  }

  /** Checks a request's Authorization header. */
  verify(request: RtspRequest): ServerAuthVerdict {
    const given = parseAuthorization(request.headers.get('Authorization'))
    if (!given) return 'missing'
    if (given.scheme === 'basic' && this.#options.basic) {
      const wanted = Buffer.from(`${this.#username}:${this.#password}`, 'latin1').toString('base64')
      return same(given.token, wanted) ? 'ok' : 'wrong'
    }
    const algorithm = digestAlgorithm(given.parameters.get('algorithm'))
    if (given.scheme !== 'digest' || !algorithm) return 'missing'
    const field = (name: string) => given.parameters.get(name) ?? ''
    const qop = field('qop').toLowerCase()
    const expected = digestResponse({
      algorithm,
      username: this.#username,
      realm: this.#options.realm,
      password: this.#password,
      method: request.method,
      uri: field('uri'),
      nonce: field('nonce'),
      qop: qop === 'auth' || qop === 'auth-int' ? qop : undefined,
      nonceCount: field('nc'),
      cnonce: field('cnonce'),
      body: request.body,
    })
    const known = [
      same(field('username'), this.#username),
      same(field('response').toLowerCase(), expected),
      field('realm') === this.#options.realm,
      samePath(field('uri'), request.uri),
    ]
    if (known.includes(false)) return 'wrong'
    const age = this.#ageOf(field('nonce'))
    return age !== undefined && age <= this.#life ? 'ok' : 'stale'
  }

  #nonce(wall: number): string {
    const time = wall.toString(16).padStart(12, '0')
    const mac = createHmac('sha256', this.#options.secret).update(`${time}:${this.#options.realm}`).digest('hex')
    return time + mac.slice(0, 32)
  }

  /** Milliseconds since the nonce was made, undefined when it is not one of ours. */
  #ageOf(nonce: string): number | undefined {
    const time = /^[\da-f]{44}$/.test(nonce) ? Number.parseInt(nonce.slice(0, 12), 16) : undefined
    if (time === undefined || !same(nonce, this.#nonce(time))) return undefined
    return Math.abs(this.#options.clock.wall() - time)
  }
}

/** Compares without telling by its duration where the difference is, or how long either text is. */
function same(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text, 'latin1').digest()
  return timingSafeEqual(digest(a), digest(b))
}

/**
 * Whether the URI that was hashed is the request's. Clients hash the whole URL, its path, or the URL of the presentation
 * while the request goes to a track or the other way round; a proxy may change the host.
 */
function samePath(hashed: string, requested: string): boolean {
  const path = (uri: string) => {
    const found = splitUrl(uri)?.path ?? uri
    return found.endsWith('/') ? found : `${found}/`
  }
  const [a, b] = [path(hashed), path(requested)]
  return a.startsWith(b) || b.startsWith(a)
}
