import { randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { type Grant, grants, isRefusal } from '../../access/index.ts'
import { isLoopback } from '../../config/listen-address.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/log.ts'
import { type RtspCredentials, ServerAuthenticator } from '../../wire/rtsp/index.ts'
import type { Admission, AdmitRequest, Denial, Visitor } from '../rtsp-server/index.ts'
import type { TokenGate } from '../viewers/index.ts'
import type { GatewaySettings } from '../worker/protocol.ts'
import { isThisMachine } from './own-address.ts'
import { isForOurs, tokenOf } from './reader-credentials.ts'
import { cameraOfPath } from './stream-path.ts'

const REALM = 'vmsctl'
/** A program of ours on this machine. */
const RELAY: Visitor = { user: null, grant: undefined, relay: true }
/** Somebody on this machine who did not say who. */
const LOCAL: Visitor = { user: null, grant: undefined, relay: false }

export interface GatewayGateOptions {
  readonly tokens: TokenGate
  readonly clock: Clock
  readonly log: Logger
}

/**
 * Decides who may read at the gateway. Our own programs may, from this machine; whoever shows a token, its cameras; whoever
 * knows the login, all of them. Nobody else where there is a login, or where the network can reach the gateway.
 */
export class GatewayGate {
  readonly #options: GatewayGateOptions
  #credentials: RtspCredentials | undefined
  #login: ServerAuthenticator | undefined
  #open = false

  constructor(options: GatewayGateOptions) {
    this.#options = options
  }

  apply({ host, username, password }: GatewaySettings): void {
    const credentials = username === undefined || password === undefined ? undefined : { username, password }
    this.#open = credentials === undefined && isLoopback(host)
    // The nonces of a login that has not changed stay good.
    if (isDeepStrictEqual(credentials, this.#credentials)) return
    const { clock } = this.#options
    this.#credentials = credentials
    this.#login = credentials && new ServerAuthenticator({ realm: REALM, credentials, secret: randomBytes(32), clock })
  }

  async admit({ request, target, peer, visitor }: AdmitRequest): Promise<Admission> {
    const query = target?.query ?? ''
    const camera = target && cameraOfPath(target.path)
    if (isForOurs(query) && isThisMachine(peer.address)) return { visitor: RELAY }
    const token = tokenOf(request, query)
    if (token !== undefined) {
      const answer = await this.#options.tokens.verify(token)
      return isRefusal(answer) ? this.#deny(peer.address, `token ${answer.fault}`) : this.#visit(answer, camera)
    }
    const verdict = this.#login?.verify(request)
    if (verdict === 'ok')
      return { visitor: { user: this.#credentials?.username ?? null, grant: undefined, relay: false } }
    if (verdict === 'wrong') return this.#deny(peer.address, 'user name or password')
    if (verdict === 'stale') return this.#deny(peer.address, undefined, true)
    // Clients need not say it again on the same connection.
    if (visitor?.grant) return this.#again(visitor.grant, peer.address, camera)
    if (visitor?.relay) return { visitor }
    return this.#open ? { visitor: LOCAL } : this.#deny(peer.address)
  }

  #visit(grant: Grant, camera: string | undefined): Admission {
    if (camera !== undefined && !grants(grant, camera)) return { status: 403, reason: 'Not a camera of this token' }
    return { visitor: { user: grant.user, grant, relay: false } }
  }

  #again(grant: Grant, address: string, camera: string | undefined): Admission {
    const fault = this.#options.tokens.faultOf(grant)
    return fault === undefined ? this.#visit(grant, camera) : this.#deny(address, `token ${fault}`)
  }

  /** `fault` is what was wrong with what was shown; undefined where nothing was. */
  #deny(client: string, fault?: string, stale = false): Denial {
    if (fault !== undefined) this.#options.log.warn({ client, fault }, 'RTSP login refused')
    // Basic would have clients send the password of the login as it is; a token is short-lived, and knows no other way.
    const challenges = this.#login?.challenges(stale) ?? [`Basic realm="${REALM}"`]
    return { status: 401, reason: fault === undefined ? 'Unauthorized' : `Unauthorized: ${fault}`, challenges }
  }
}
