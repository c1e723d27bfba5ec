import type { Grant } from '../../access/index.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { StreamRole } from '../frame.ts'
import type { ViewerSession, ViewingLimits } from '../worker/protocol.ts'
import type { TokenGate } from './token-gate.ts'

/** Viewers of a worker, whatever the limits say. */
const MOST_VIEWERS = 5_000
/** Milliseconds for which it is known that a viewer was sent away, and how many of them. */
const ENDED_TIME = 600_000
const MOST_ENDED = 1_000

/** Who asks for a piece of a stream. */
export interface Asking {
  /** The folder that the multivariant playlist gave this viewer. */
  readonly id: string
  readonly camera: string
  readonly stream: StreamRole
  readonly grant: Grant | undefined
  readonly address: string
  readonly client: string | undefined
}

interface Viewer extends Asking {
  readonly connectedAt: number
  lastSeen: number
  /** Monotonic. */
  asked: number
  bytes: number
}

/** Why somebody gets nothing. */
export interface ViewerRefusal {
  readonly status: 403 | 410 | 429
  readonly reason: string
}

/** Everybody who watches by HLS. A viewer is there from its first request of a playlist until it has not asked for some time. */
export class HlsViewers {
  readonly #clock: Clock
  readonly #gate: TokenGate
  readonly #viewers = new Map<string, Viewer>()
  /** Those sent away: when, and why. */
  readonly #ended = new Map<string, { readonly at: number; readonly reason: string }>()
  limits: ViewingLimits | undefined

  constructor(clock: Clock, gate: TokenGate) {
    this.#clock = clock
    this.#gate = gate
  }

  get size(): number {
    return this.#viewers.size
  }

  /** Notes that a viewer asks; a new one is admitted, or refused with the reason. */
  asks(asking: Asking): ViewerRefusal | undefined {
    const known = this.#viewers.get(asking.id)
    if (!known) return this.#admit(asking)
    if (known.camera !== asking.camera || known.stream !== asking.stream || known.grant?.jti !== asking.grant?.jti) {
      return { status: 403, reason: 'this address is that of another viewer' }
    }
    this.#touch(known)
    return undefined
  }

  /** So many bytes go to the viewer. */
  sent(id: string, bytes: number): void {
    const viewer = this.#viewers.get(id)
    if (!viewer) return
    viewer.bytes += bytes
    this.#touch(viewer)
  }

  list(): ViewerSession[] {
    return [...this.#viewers.values()].map(({ id, camera, stream, grant, client, address, ...viewer }) => ({
      id,
      camera,
      stream,
      protocol: 'hls',
      transport: 'http',
      user: grant?.user ?? null,
      token: grant?.jti ?? null,
      client: client ?? null,
      address,
      connectedAt: viewer.connectedAt,
      lastSeen: viewer.lastSeen,
      bytes: viewer.bytes,
      relay: false,
    }))
  }

  /** Sends a viewer away: what it asks for from now on is gone. False where it is not there. */
  end(id: string, reason: string): boolean {
    if (!this.#viewers.delete(id)) return false
    if (this.#ended.size >= MOST_ENDED) this.#ended.delete(this.#ended.keys().next().value!)
    this.#ended.set(id, { at: this.#clock.monotonic(), reason })
    return true
  }

  /** Forgets who has not asked for `idle` milliseconds, by stream, and sends away whose token does not hold any more. */
  sweep(idle: (camera: string, stream: StreamRole) => number): void {
    const now = this.#clock.monotonic()
    for (const viewer of this.#viewers.values()) {
      const { id, grant, camera, stream } = viewer
      if (now - viewer.asked >= idle(camera, stream)) this.#viewers.delete(id)
      else if (grant && !this.#gate.holds(grant.jti, grant.expires)) this.end(id, 'the token does not hold any more')
    }
    for (const [id, { at }] of this.#ended) if (now - at >= ENDED_TIME) this.#ended.delete(id)
  }

  #touch(viewer: Viewer): void {
    viewer.lastSeen = this.#clock.wall()
    viewer.asked = this.#clock.monotonic()
  }

  #admit(asking: Asking): ViewerRefusal | undefined {
    const ended = this.#ended.get(asking.id)
    if (ended) return { status: 410, reason: ended.reason }
    const reason = this.#overLimit(asking)
    if (reason !== undefined) return { status: 429, reason }
    const wall = this.#clock.wall()
    const asked = this.#clock.monotonic()
    this.#viewers.set(asking.id, { ...asking, connectedAt: wall, lastSeen: wall, asked, bytes: 0 })
    return undefined
  }

  /** People are counted, not connections; without a name each connection is one. */
  #overLimit({ id, camera, stream, grant }: Asking): string | undefined {
    if (this.#viewers.size >= MOST_VIEWERS) return `more than ${MOST_VIEWERS} viewers`
    if (!this.limits) return undefined
    const people = new Set<string>()
    const streams = new Set<string>()
    for (const viewer of this.#viewers.values()) {
      if (viewer.camera === camera && viewer.stream === stream) people.add(viewer.grant?.user ?? viewer.id)
      if (grant && viewer.grant?.user === grant.user) streams.add(`${viewer.camera}/${viewer.stream}`)
    }
    people.add(grant?.user ?? id)
    streams.add(`${camera}/${stream}`)
    const { viewersPerStream, viewersPerUser } = this.limits
    if (people.size > viewersPerStream) return `${viewersPerStream} people watch this stream already`
    if (grant && streams.size > viewersPerUser) return `${grant.user} watches ${viewersPerUser} streams already`
    return undefined
  }
}
