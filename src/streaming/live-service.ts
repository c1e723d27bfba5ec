import { VmsError } from '../kernel/errors.ts'
import { timeOrderedId } from '../kernel/ids.ts'
import { parseInstant } from '../kernel/instant.ts'
import type { Logger } from '../kernel/log.ts'
import { type ConnectContext, connectViewer } from './connect-viewer.ts'
import { disconnectViewer } from './disconnect-viewer.ts'
import { knownCamera } from './known-camera.ts'
import type {
  ConnectRequest,
  ConnectResult,
  DisconnectResult,
  KeepRequest,
  KeepResult,
  StartRequest,
  StartResult,
  StopRequest,
  StopResult,
} from './requests.ts'
import { servedProtocol } from './served.ts'
import { noSubStream, startStream } from './start-stream.ts'
import type { StreamKey, StreamReport, ViewerReport, Viewing } from './types.ts'
import type { Lease } from './viewers/lease.ts'
import { firstChoice } from './viewers/standing-wishes.ts'

export interface LiveServiceOptions extends ConnectContext {
  readonly log: Logger
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
    const { control, site, clock, random } = this.#options
    const camera = knownCamera(site, id)
    const began = clock.monotonic()
    const { user, quality, protocol } = request
    if (protocol !== undefined) servedProtocol(site, camera, protocol)
    const life = request.for ?? site.config.viewing.lease
    const lease = (key: StreamKey): Lease => {
      const known = control.leases.startedBy(user, key)
      const now = Math.round(clock.wall())
      const until = now + life
      if (known) return { ...known, until: Math.max(known.until, until) }
      const own = { id: timeOrderedId(now, random), client: null, token: null, expires: null }
      return { ...own, ...key, user, since: now, until, protocol: protocol ?? null }
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
    knownCamera(this.#options.site, id)
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
    const camera = knownCamera(this.#options.site, id)
    return STREAMS.filter(stream => stream === 'main' || camera.sub).map(stream =>
      control.report({ camera: id, stream }),
    )
  }

  /** Keeps a stream up though nobody watches, or does so no more. */
  keep(id: string, { by, until, off = false, quality }: KeepRequest): KeepResult {
    const { control, clock } = this.#options
    const camera = knownCamera(this.#options.site, id)
    const stream = quality ?? firstChoice(this.#options.site, id)
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
    if (camera !== undefined) knownCamera(this.#options.site, camera)
    return this.#options.control
      .viewers()
      .filter(viewer => (camera ?? viewer.camera) === viewer.camera && (user ?? viewer.user) === viewer.user)
  }

  /** Lets a user in; see connectViewer. */
  connect(request: ConnectRequest): Promise<ConnectResult> {
    return connectViewer(this.#options, request)
  }

  /** Ends a session, or all that came of a connect; see disconnectViewer. */
  disconnect(id: string, by: string): Promise<DisconnectResult> {
    return disconnectViewer(this.#options, id, by)
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

  #instant(text: string): number {
    const { site, clock } = this.#options
    return parseInstant(text, { now: clock.wall(), timezone: site.config.site.timezone })
  }
}

function byName(a: StreamKey, b: StreamKey): number {
  return a.camera === b.camera ? (a.stream < b.stream ? -1 : 1) : a.camera < b.camera ? -1 : 1
}
