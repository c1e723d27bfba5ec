import type { Clock } from '../../kernel/clock.ts'
import type { LiveRegistry } from '../registry/registry.ts'
import type { StreamKey } from '../types.ts'
import { isOver, type Lease } from './lease.ts'

/** Milliseconds by which the clock may be off before it counts as set. */
const CLOCK_STEP = 1_000

/** Who said that it watches: in memory, and on disk for the daemon that comes next. */
export class LeaseBook {
  readonly #registry: LiveRegistry
  readonly #clock: Clock
  readonly #byId = new Map<string, Lease>()
  readonly #byToken = new Map<string, Lease>()
  /** Wall clock minus monotonic: another one when the clock was set. */
  #offset: number

  constructor(registry: LiveRegistry, clock: Clock) {
    this.#registry = registry
    this.#clock = clock
    this.#offset = clock.wall() - clock.monotonic()
    for (const lease of registry.leases()) this.#remember(lease)
    this.prune()
  }

  all(): Iterable<Lease> {
    return this.#byId.values()
  }

  get(id: string): Lease | undefined {
    return this.#byId.get(id)
  }

  /** The one whose token a session came with. */
  ofToken(token: string | null): Lease | undefined {
    return token === null ? undefined : this.#byToken.get(token)
  }

  /** What a user asked for by name, and not by a token of its own. */
  startedBy(user: string, { camera, stream }: StreamKey): Lease | undefined {
    for (const lease of this.#byId.values())
      if (lease.token === null && lease.user === user && lease.camera === camera && lease.stream === stream)
        return lease
    return undefined
  }

  put(lease: Lease): void {
    this.#registry.putLease(lease)
    this.#remember(lease)
  }

  /** It came: its session counts from now on, and its lease does no more. */
  came(lease: Lease): void {
    if (lease.until > 0) this.put({ ...lease, until: 0 })
  }

  drop(leases: readonly Lease[]): void {
    if (leases.length === 0) return
    this.#registry.dropLeases(leases.map(({ id }) => id))
    for (const { id, token } of leases) {
      this.#byId.delete(id)
      if (token !== null) this.#byToken.delete(token)
    }
  }

  /** A clock that was set makes no lease longer or shorter: it goes along. */
  followClock(): void {
    const step = Math.round(this.#clock.wall() - this.#clock.monotonic() - this.#offset)
    if (Math.abs(step) < CLOCK_STEP) return
    this.#offset += step
    for (const lease of [...this.#byId.values()])
      if (lease.until > 0) this.put({ ...lease, since: lease.since + step, until: lease.until + step })
  }

  /** Forgets those of no more use. */
  prune(): void {
    this.followClock()
    const now = this.#clock.wall()
    this.drop([...this.#byId.values()].filter(lease => isOver(lease, now)))
  }

  #remember(lease: Lease): void {
    this.#byId.set(lease.id, lease)
    if (lease.token !== null) this.#byToken.set(lease.token, lease)
  }
}
