import type { Grant } from '../../access/index.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { StreamRole } from '../frame.ts'
import type { Viewer, ViewerBook } from '../viewers/index.ts'
import type { ViewerSession } from '../worker/protocol.ts'

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

/** Why somebody gets nothing. */
export interface ViewerRefusal {
  readonly status: 403 | 410 | 429
  readonly reason: string
}

/** Everybody who watches by HLS. A viewer is there from its first request of a playlist until it has not asked for some time. */
export class HlsViewers {
  readonly #clock: Clock
  readonly #book: ViewerBook
  readonly #viewers = new Map<string, HlsViewer>()
  /** Those sent away: when, and why. */
  readonly #ended = new Map<string, { readonly at: number; readonly reason: string }>()

  constructor(clock: Clock, book: ViewerBook) {
    this.#clock = clock
    this.#book = book
  }

  get size(): number {
    return this.#viewers.size
  }

  /** Notes that a viewer asks; a new one is admitted, or refused with the reason. */
  asks(asking: Asking): ViewerRefusal | undefined {
    const known = this.#viewers.get(asking.id)
    if (!known) return this.#admit(asking)
    if (!known.is(asking)) return { status: 403, reason: 'this address is that of another viewer' }
    known.touch()
    return undefined
  }

  /** So many bytes go to the viewer. */
  sent(id: string, bytes: number): void {
    this.#viewers.get(id)?.touch(bytes)
  }

  /** Forgets who has not asked for `idle` milliseconds, by stream. */
  sweep(idle: (camera: string, stream: StreamRole) => number): void {
    const now = this.#clock.monotonic()
    for (const { asking, asked } of this.#viewers.values()) {
      if (now - asked >= idle(asking.camera, asking.stream)) this.#forget(asking.id)
    }
    for (const [id, { at }] of this.#ended) if (now - at >= ENDED_TIME) this.#ended.delete(id)
  }

  #admit(asking: Asking): ViewerRefusal | undefined {
    const { id } = asking
    const ended = this.#ended.get(id)
    if (ended) return { status: 410, reason: ended.reason }
    const reason =
      this.#viewers.size >= MOST_VIEWERS
        ? `more than ${MOST_VIEWERS} viewers`
        : this.#book.overLimit({ ...asking, user: asking.grant?.user ?? null })
    if (reason !== undefined) return { status: 429, reason }
    const viewer = new HlsViewer(asking, this.#clock, why => this.#end(id, why))
    this.#viewers.set(id, viewer)
    this.#book.add(viewer)
    return undefined
  }

  #end(id: string, reason: string): void {
    this.#forget(id)
    if (this.#ended.size >= MOST_ENDED) this.#ended.delete(this.#ended.keys().next().value!)
    this.#ended.set(id, { at: this.#clock.monotonic(), reason })
  }

  #forget(id: string): void {
    this.#viewers.delete(id)
    this.#book.remove(id)
  }
}

/** One of them, for the list of those who watch. */
class HlsViewer implements Viewer {
  readonly asking: Asking
  readonly #clock: Clock
  readonly #end: (reason: string) => void
  readonly #connectedAt: number
  #lastSeen: number
  #bytes = 0
  /** When it asked last, or was sent something; monotonic. */
  asked: number

  constructor(asking: Asking, clock: Clock, end: (reason: string) => void) {
    this.asking = asking
    this.#clock = clock
    this.#end = end
    this.#connectedAt = clock.wall()
    this.#lastSeen = this.#connectedAt
    this.asked = clock.monotonic()
  }

  get id(): string {
    return this.asking.id
  }

  get grant(): Grant | undefined {
    return this.asking.grant
  }

  is({ camera, stream, grant }: Asking): boolean {
    const own = this.asking
    return own.camera === camera && own.stream === stream && own.grant?.jti === grant?.jti
  }

  touch(bytes = 0): void {
    this.#bytes += bytes
    this.#lastSeen = this.#clock.wall()
    this.asked = this.#clock.monotonic()
  }

  end(reason: string): void {
    this.#end(reason)
  }

  session(): ViewerSession {
    const { id, camera, stream, grant, client, address } = this.asking
    return {
      id,
      camera,
      stream,
      protocol: 'hls',
      transport: 'http',
      user: grant?.user ?? null,
      token: grant?.jti ?? null,
      client: client ?? null,
      address,
      connectedAt: this.#connectedAt,
      lastSeen: this.#lastSeen,
      bytes: this.#bytes,
      relay: false,
    }
  }
}
