import type { Clock } from '../kernel/clock.ts'
import type { LiveSite } from './live-site.ts'
import type { LiveStreams } from './stream/live-streams.ts'
import type { StreamKey } from './types.ts'
import type { KeepBook } from './viewers/keep-book.ts'
import type { Lease } from './viewers/lease.ts'
import type { LeaseBook } from './viewers/lease-book.ts'
import { isConfigured, standingWishes } from './viewers/standing-wishes.ts'
import { type SessionChanges, sessionKey } from './viewers/watching.ts'
import { monotonicOf } from './wall-time.ts'

export interface StreamWishesOptions {
  readonly site: LiveSite
  readonly streams: LiveStreams
  readonly leases: LeaseBook
  readonly keeps: KeepBook
  readonly clock: Clock
}

/** Wants streams for who watches, for who said so, and for what keeps them up; and wants them no more when that is over. */
export class StreamWishes {
  readonly #options: StreamWishesOptions

  constructor(options: StreamWishesOptions) {
    this.#options = options
  }

  /** A lease was taken or renewed. */
  ofLease(lease: Lease): void {
    const { streams, clock } = this.#options
    if (lease.until === 0) return
    streams.feed(lease, { type: 'wanted', by: `lease ${lease.id}`, until: monotonicOf(clock, lease.until) })
  }

  /** A lease is over: its stream lingers from now on, unless others want it. */
  endLease(lease: Lease): void {
    this.#left(lease, `lease ${lease.id}`, this.#options.clock.monotonic())
  }

  /** Sessions came and went. A lease whose token is used counts no more: its session does. */
  ofSessions({ came, went }: SessionChanges): void {
    const { streams, leases, clock } = this.#options
    for (const watching of came) {
      const by = `session ${sessionKey(watching)}`
      streams.feed(watching.session, { type: 'wanted', by, until: Number.POSITIVE_INFINITY })
      const lease = leases.ofToken(watching.session.token)
      if (!lease) continue
      leases.came(lease)
      this.endLease(lease)
    }
    for (const { watching, left } of went)
      this.#left(watching.session, `session ${sessionKey(watching)}`, monotonicOf(clock, left))
  }

  /** Follows what people and the configuration keep up, and which streams there are. */
  follow(): void {
    const { site, streams, keeps, clock } = this.#options
    const wall = clock.wall()
    keeps.prune(wall)
    for (const { by, on, ...key } of standingWishes(site, keeps, wall)) {
      const wanted = streams.get(key)?.state.demand.has(by) ?? false
      if (on && !wanted) streams.feed(key, { type: 'wanted', by, until: Number.POSITIVE_INFINITY })
      else if (!on && wanted) this.#left(key, by, clock.monotonic())
    }
    for (const live of [...streams.all()]) if (!isConfigured(site, live)) this.#forget(live)
  }

  /** A stream that is not configured any more can be had for nobody. */
  #forget(key: StreamKey): void {
    const { streams, clock } = this.#options
    for (const by of streams.get(key)?.state.demand.keys() ?? []) this.#left(key, by, clock.monotonic())
  }

  #left(key: StreamKey, by: string, at: number): void {
    this.#options.streams.feed(key, { type: 'left', by, at })
  }
}
