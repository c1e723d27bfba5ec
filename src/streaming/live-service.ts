import { didYouMean } from '../config/suggest.ts'
import type { CameraConfig } from '../config/types.ts'
import type { Clock } from '../kernel/clock.ts'
import { VmsError } from '../kernel/errors.ts'
import { timeOrderedId } from '../kernel/ids.ts'
import { parseInstant } from '../kernel/instant.ts'
import type { Logger } from '../kernel/log.ts'
import type { LiveControl } from './live-control.ts'
import type { LiveSite } from './live-site.ts'
import type {
  ConnectRequest,
  ConnectResult,
  DisconnectResult,
  IceServer,
  KeepRequest,
  KeepResult,
  StartRequest,
  StartResult,
  StopRequest,
  StopResult,
} from './requests.ts'
import { noSubStream, startStream } from './start-stream.ts'
import type { TokenMaker } from './token-maker.ts'
import type { StreamKey, StreamReport, ViewerProtocol, ViewerReport, Viewing } from './types.ts'
import { urlsOf } from './urls.ts'
import type { Lease } from './viewers/lease.ts'
import { sessionKey } from './viewers/watching.ts'

export interface LiveServiceOptions {
  readonly site: LiveSite
  readonly control: LiveControl
  readonly tokens: TokenMaker
  /** For viewers by WebRTC. */
  readonly iceServers: () => Promise<readonly IceServer[]>
  readonly clock: Clock
  readonly log: Logger
  /** Gives a number in [0, 1). */
  readonly random: () => number
}

/** What is asked of the history of viewing; times as people write them. */
export interface HistoryQuery {
  readonly camera?: string | undefined
  readonly user?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly limit?: number | undefined
}

const STREAMS = ['sub', 'main'] as const
/** Milliseconds that a token of a viewer holds where nothing else is said. */
const TOKEN_LIFE = 8 * 3_600_000
/** The order in which protocols are offered to who names none. */
const OFFERED: readonly ViewerProtocol[] = ['webrtc', 'hls', 'rtsp', 'rtmp']
const ROWS = 1_000

/** What the daemon answers about its live streams: who gets which, who watches, and who did. Times are wall-clock milliseconds. */
export class LiveService {
  readonly #options: LiveServiceOptions

  constructor(options: LiveServiceOptions) {
    this.#options = options
  }

  /**
   * A user wants to watch: answered at once where the stream runs, else when it plays, within 10 s. Rejects with
   * VMS_E_CAMERA_NOT_FOUND, VMS_E_VIEWING_LIMIT, VMS_E_STREAM_UNAVAILABLE and VMS_E_STREAM_UNSUITABLE.
   */
  async start(id: string, request: StartRequest): Promise<StartResult> {
    const { control, site, clock } = this.#options
    const camera = this.#camera(id)
    const began = clock.monotonic()
    const { user, quality, protocol } = request
    const life = request.for ?? site.config.viewing.lease
    const lease = (key: StreamKey): Lease => {
      const known = control.leases.startedBy(user, key)
      const now = Math.round(clock.wall())
      const until = now + life
      if (known) return { ...known, until: Math.max(known.until, until) }
      return this.#lease({ ...key, user, since: now, until, protocol: protocol ?? null })
    }
    const started = await startStream(control, site, { camera, user, quality, protocol, lease }, began)
    return {
      stream: control.report(started.lease),
      user,
      until: started.lease.until,
      running: started.running,
      took: Math.round(clock.monotonic() - began),
      note: started.note,
    }
  }

  /** A user watches no more, as far as it said that it does; sessions of its go on. Rejects with VMS_E_CAMERA_NOT_FOUND. */
  stop(id: string, { user, quality }: StopRequest): StopResult {
    const { control } = this.#options
    this.#camera(id)
    const leases = [...control.leases.all()].filter(
      lease =>
        lease.camera === id &&
        lease.user === user &&
        lease.token === null &&
        (quality ?? lease.stream) === lease.stream,
    )
    control.dropLeases(leases)
    return { user, released: leases.length, streams: this.status(id).filter(({ state }) => state !== 'idle') }
  }

  /** Every stream that is up, or should be. */
  list(): StreamReport[] {
    const { control } = this.#options
    const viewers = control.viewers()
    return [...control.streams.all()].map(key => control.report(key, viewers)).sort(byName)
  }

  /** The streams of a camera, idle ones too. */
  status(id: string): StreamReport[] {
    const { control } = this.#options
    const camera = this.#camera(id)
    return STREAMS.filter(stream => stream === 'main' || camera.sub).map(stream =>
      control.report({ camera: id, stream }),
    )
  }

  /** Keeps a stream up though nobody watches, or does so no more. */
  keep(id: string, { by, until, off = false, quality }: KeepRequest): KeepResult {
    const { control, clock } = this.#options
    const camera = this.#camera(id)
    const stream = quality ?? control.warmed(id)
    if (stream === 'sub' && !camera.sub) throw noSubStream(id)
    const key = { camera: id, stream }
    if (off) {
      const changed = control.keeps.drop(key)
      void control.look()
      return { changed, stream: control.report(key) }
    }
    const now = Math.round(clock.wall())
    const end = until === undefined ? null : this.#instant(until)
    if (end !== null && end <= now)
      throw new VmsError('VMS_E_USAGE', `until (${until}) is in the past`, { hint: 'Name a time to come, like 18:00.' })
    control.keeps.put({ ...key, by, since: now, until: end })
    void control.look()
    return { changed: true, stream: control.report(key) }
  }

  viewers(query: { readonly camera?: string | undefined; readonly user?: string | undefined } = {}): ViewerReport[] {
    const { camera, user } = query
    if (camera !== undefined) this.#camera(camera)
    return this.#options.control
      .viewers()
      .filter(viewer => (camera ?? viewer.camera) === viewer.camera && (user ?? viewer.user) === viewer.user)
  }

  /** Lets a user in: a stream that plays, where it is watched, and a token for it. Rejects like {@link start}. */
  async connect(request: ConnectRequest): Promise<ConnectResult> {
    const { control, site, clock, tokens, iceServers } = this.#options
    const camera = this.#camera(request.camera)
    const { user, client = null, quality } = request
    const protocol = this.#offered(camera, request.protocol)
    const began = clock.monotonic()
    // A stream that cannot be had costs no token.
    const asked = (key: StreamKey) => this.#lease({ ...key, user, ...this.#span(), protocol, client, token: '' })
    const { lease, note } = await startStream(control, site, { camera, user, quality, protocol, lease: asked }, began)
    const made = await tokens.make(user, camera.id, request.for ?? TOKEN_LIFE, client).catch((error: unknown) => {
      control.dropLeases([lease])
      throw error
    })
    control.putLease({ ...lease, token: made.id, expires: made.expires })
    const { stream, until, id } = lease
    const door = urlsOf(lease, camera.sub !== undefined, site.doors(camera.id)).find(url => url.protocol === protocol)!
    const url = protocol === 'rtsp' ? `${door.url}?token=${made.token}` : door.url
    const ice = protocol === 'webrtc' ? await iceServers() : []
    const { token, expires } = made
    return {
      id,
      user,
      client,
      camera: camera.id,
      stream,
      protocol,
      by: door.by,
      url,
      token,
      expires,
      until,
      iceServers: ice,
      note,
    }
  }

  /** Ends what `id` names: a session, or all that came of a `connect`. Rejects with VMS_E_VIEWER_NOT_FOUND. */
  async disconnect(id: string, by: string): Promise<DisconnectResult> {
    const { control, tokens, log } = this.#options
    const watching = [...control.watching().values()]
    const own = watching.find(({ session }) => session.id === id)
    const lease = control.leases.get(id) ?? control.leases.ofToken(own?.session.token ?? null)
    const meant = watching.filter(each => each === own || (lease?.token && each.session.token === lease.token))
    if (meant.length === 0 && !lease)
      throw new VmsError('VMS_E_VIEWER_NOT_FOUND', `no viewer has the id "${id.slice(0, 64)}"`)
    // First the token, so that nobody is back before the door is shut.
    if (lease?.token) await tokens.revoke(lease.token, by)
    const reason = `disconnected by ${by}`
    for (const { source, session } of meant) {
      control.log.note(sessionKey({ source, session }), reason)
      await source.end(session.id, reason)
    }
    if (lease) control.dropLeases([lease])
    await control.look()
    // Taking the token back may have ended them before we did; what counts is who is there.
    const there = control.watching()
    const ended = meant.filter(each => !there.has(sessionKey(each))).length
    log.info({ id, by, sessions: ended }, 'viewer disconnected')
    return { ended, revoked: Boolean(lease?.token) }
  }

  /** Who watched what, the newest first. Rejects with VMS_E_USAGE. */
  history({ camera, user, from = '-24h', to, limit = ROWS }: HistoryQuery): {
    from: number
    to: number
    viewings: Viewing[]
  } {
    const span = { from: this.#instant(from), to: to === undefined ? this.#options.clock.wall() : this.#instant(to) }
    if (span.from >= span.to) throw new VmsError('VMS_E_USAGE', `from (${from}) is not before to (${to ?? 'now'})`)
    return { ...span, viewings: this.#options.control.history.find({ camera, user, ...span, limit }) }
  }

  #lease(fields: Omit<Lease, 'id' | 'expires' | 'client' | 'token'> & Partial<Pick<Lease, 'client' | 'token'>>): Lease {
    const { clock, random } = this.#options
    return { client: null, token: null, ...fields, id: timeOrderedId(clock.wall(), random), expires: null }
  }

  #span(): Pick<Lease, 'since' | 'until'> {
    const since = Math.round(this.#options.clock.wall())
    return { since, until: since + this.#options.site.config.viewing.lease }
  }

  #offered(camera: CameraConfig, asked: ViewerProtocol | undefined): ViewerProtocol {
    const { site } = this.#options
    const served = urlsOf({ camera: camera.id, stream: 'main' }, camera.sub !== undefined, site.doors(camera.id))
    const found = (asked === undefined ? OFFERED : [asked]).find(protocol =>
      served.some(url => url.protocol === protocol),
    )
    if (found !== undefined) return found
    const others = [...new Set(served.map(({ protocol }) => protocol))].join(', ')
    throw new VmsError('VMS_E_NOT_SERVED', `nobody serves ${asked ?? 'viewers'} here`, {
      hint:
        others === '' ? 'The media workers do not listen yet: see `vmsctl daemon status`.' : `Served are ${others}.`,
    })
  }

  #instant(text: string): number {
    const { site, clock } = this.#options
    return parseInstant(text, { now: clock.wall(), timezone: site.config.site.timezone })
  }

  #camera(id: string): CameraConfig {
    const { site } = this.#options
    const camera = site.camera(id)
    if (camera) return camera
    const hint = didYouMean(
      id,
      site.config.cameras.map(each => each.id),
    )
    throw new VmsError(
      'VMS_E_CAMERA_NOT_FOUND',
      `no camera "${id.slice(0, 64)}" is configured`,
      hint === undefined ? {} : { hint: `${hint[0]!.toUpperCase()}${hint.slice(1)}` },
    )
  }
}

function byName(a: StreamKey, b: StreamKey): number {
  return a.camera === b.camera ? (a.stream < b.stream ? -1 : 1) : a.camera < b.camera ? -1 : 1
}
