import type { RelayClient } from './api/client.ts'
import {
  type RelayMuxer,
  type RelayProtocol,
  type RelaySession,
  readMuxers,
  readSession,
  SESSION_LISTS,
} from './api/session.ts'
import type { Admissions } from './auth/admissions.ts'
import type { TokenGrant } from './auth/judge.ts'

/** One viewer's connection at MediaMTX, in the words of the media workers' sessions. Times are wall-clock milliseconds. */
export interface RelayViewer {
  readonly id: string
  readonly camera: string
  readonly stream: 'main' | 'sub'
  readonly protocol: RelayProtocol
  /** Of the token; null for one who was let in before this daemon began. */
  readonly user: string | null
  /** Id of the token. */
  readonly token: string | null
  readonly client: string | null
  readonly address: string
  readonly connectedAt: number
  /** When it was surely there: now; with HLS at the last request for its path; with WebRTC until it should have sent RTCP again, as far as `list` has seen. */
  readonly lastSeen: number
  readonly bytes: number
  readonly relay: false
}

export interface RelaySessionsOptions {
  readonly client: RelayClient
  readonly admissions: Admissions
  /** The stream of a path; undefined for one that is none of ours. */
  readonly streamOf: (path: string) => { readonly camera: string; readonly stream: 'main' | 'sub' } | undefined
  /** Wall-clock milliseconds. */
  readonly now: () => number
}

const PROTOCOLS = Object.keys(SESSION_LISTS) as RelayProtocol[]
/** Milliseconds: browsers send RTCP each 0.5 to 1.5 s, so one that has gone was there for so long after the last, about. */
const RTCP_PERIOD = 1_250
/** Id of what stands for the HLS viewers of a path before 1.18, which has no list of them. */
const MUXER = 'hls:'

/** The viewers that MediaMTX serves. */
export class RelaySessions {
  readonly name = 'MediaMTX'
  readonly #options: RelaySessionsOptions
  #protocols = new Map<string, RelayProtocol>()
  #grants: ReadonlyMap<string, TokenGrant> = new Map()
  /** Of WebRTC sessions: the RTCP packets counted, and when there were more of them. MediaMTX itself takes 30 s to miss a browser. */
  #signs = new Map<string, { readonly count: number; readonly at: number }>()

  constructor(options: RelaySessionsOptions) {
    this.#options = options
  }

  /** Everybody who is served now. Rejects (VMS_E_RELAY, VMS_E_TIMEOUT) where that cannot be told, which is not that there is nobody. */
  async list(): Promise<RelayViewer[]> {
    const { client } = this.#options
    const [muxerList, ...lists] = await Promise.all([
      client.list('/hlsmuxers/list', 'list HLS'),
      ...PROTOCOLS.map(protocol => client.list(`/${SESSION_LISTS[protocol]}/list`, `list ${protocol} sessions`)),
    ])
    const muxers = readMuxers(muxerList ?? [])
    const sessions = PROTOCOLS.flatMap((protocol, index) =>
      (lists[index] ?? []).flatMap(item => readSession(protocol, item) ?? []),
    )
    if (lists[PROTOCOLS.indexOf('hls')] === undefined) sessions.push(...[...muxers].map(muxerSession))
    this.#protocols = new Map(sessions.map(({ id, protocol }) => [id, protocol]))
    this.#grants = new Map(sessions.flatMap(session => this.#grant(session)))
    this.#noteSigns(sessions)
    return sessions.flatMap(session => this.#viewer(session, muxers) ?? [])
  }

  /** Ends a session that `list` gave; false when it is gone, or (HLS before 1.18) cannot be ended alone. */
  async end(id: string): Promise<boolean> {
    if (!this.#protocols.has(id)) await this.list()
    const protocol = this.#protocols.get(id)
    if (protocol === undefined || id.startsWith(MUXER)) return false
    return this.#options.client.kick(SESSION_LISTS[protocol], id)
  }

  /** What a session that `list` gave came with; undefined for one that is not known. */
  grantOf(id: string): TokenGrant | undefined {
    return this.#grants.get(id)
  }

  #noteSigns(sessions: readonly RelaySession[]): void {
    const now = this.#options.now()
    const before = this.#signs
    this.#signs = new Map(
      sessions.flatMap(({ id, signs }) => {
        if (signs === null) return []
        const known = before.get(id)
        return [[id, known?.count === signs ? known : { count: signs, at: now }] as const]
      }),
    )
  }

  #grant({ id, connections }: RelaySession): [string, TokenGrant][] {
    const grant = this.#options.admissions.find([id, ...connections])
    return grant ? [[id, grant]] : []
  }

  #viewer(session: RelaySession, muxers: ReadonlyMap<string, RelayMuxer>): RelayViewer | undefined {
    const { streamOf, now } = this.#options
    const { id, protocol, path, client, address, connectedAt, bytes } = session
    const stream = streamOf(path)
    if (stream === undefined) return undefined
    const grant = this.#grants.get(id)
    const sign = this.#signs.get(id)
    const lastSign = protocol === 'hls' ? muxers.get(path)?.lastRequest : sign && sign.at + RTCP_PERIOD
    return {
      camera: stream.camera,
      stream: stream.stream,
      id,
      protocol,
      user: grant?.user ?? null,
      token: grant?.jti || null,
      client,
      address,
      connectedAt,
      lastSeen: Math.min(now(), lastSign || now()),
      bytes,
      relay: false,
    }
  }
}

function muxerSession([path, { created, bytes }]: [string, RelayMuxer]): RelaySession {
  return {
    id: `${MUXER}${path}`,
    protocol: 'hls',
    path,
    client: null,
    address: '',
    connectedAt: created,
    bytes,
    signs: null,
    connections: [],
  }
}
