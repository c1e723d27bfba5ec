import { randomBytes } from 'node:crypto'
import type { Clock } from '../../kernel/clock.ts'
import { ANONYMOUS } from '../../streaming/types.ts'

/** Milliseconds in which a ticket is used. */
const LIFE = 20_000
const MOST = 1_000

interface Ticket {
  readonly camera: string
  /** Monotonic milliseconds. */
  readonly until: number
}

/** Lets in at MediaMTX, which wants a token of everybody, who needs none: somebody at the watch page of this machine. */
export class Tickets {
  readonly #clock: Clock
  readonly #known = new Map<string, Ticket>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** In place of a token, for one camera, within 20 s. */
  give(camera: string): string {
    const now = this.#clock.monotonic()
    for (const [ticket, { until }] of this.#known) if (until <= now) this.#known.delete(ticket)
    if (this.#known.size >= MOST) this.#known.delete(this.#known.keys().next().value!)
    const ticket = `ticket-${randomBytes(24).toString('base64url')}`
    this.#known.set(ticket, { camera, until: now + LIFE })
    return ticket
  }

  /** What a ticket allows; undefined for what is none, or none any more. Who came with it is not asked again: it has no token to run out. */
  grant(ticket: string) {
    const known = this.#known.get(ticket)
    if (!known || known.until <= this.#clock.monotonic()) return undefined
    return { user: ANONYMOUS, cameras: [known.camera], jti: '', expires: Number.MAX_SAFE_INTEGER }
  }
}
