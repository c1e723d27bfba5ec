import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/log.ts'
import { sendReports } from './sender-reports.ts'
import type { ServerSession } from './server-session.ts'
import type { RtspServerLimits } from './types.ts'

/** Milliseconds between two sender reports (RFC 3550 section 6.2 recommends five seconds). */
const REPORT_PERIOD = 5_000
/** Milliseconds without RTCP that a UDP session whose connection is gone may last; receivers report every 5 s or so. */
const ORPHAN_TIME = 15_000

/** All sessions of a server by id: their time limits and sender reports. */
export class SessionTable {
  readonly #sessions = new Map<string, ServerSession>()
  readonly #clock: Clock
  readonly #log: Logger
  readonly #limits: RtspServerLimits

  constructor(clock: Clock, log: Logger, limits: RtspServerLimits) {
    this.#clock = clock
    this.#log = log
    this.#limits = limits
  }

  get size(): number {
    return this.#sessions.size
  }

  get(id: string): ServerSession | undefined {
    return this.#sessions.get(id)
  }

  add(session: ServerSession): void {
    session.lastHeard = this.#clock.monotonic()
    this.#sessions.set(session.id, session)
  }

  /** Forgets a session that ended. */
  remove(session: ServerSession, reason: string): void {
    if (!this.#sessions.delete(session.id)) return
    this.#log.info({ client: session.peer.address, path: session.target.path, reason }, 'RTSP session ends')
  }

  closeAll(reason: string): void {
    for (const session of [...this.#sessions.values()]) session.close(reason)
  }

  /** `now`: monotonic milliseconds. */
  sweep(now: number): void {
    for (const session of [...this.#sessions.values()]) {
      // An interleaved session lives as long as its connection.
      const limit = session.orphaned ? Math.min(ORPHAN_TIME, this.#limits.sessionTime) : this.#limits.sessionTime
      if (session.udp && now - session.lastHeard > limit) {
        session.close('no sign of life')
        continue
      }
      if (session.player && now - session.lastReport >= REPORT_PERIOD) {
        session.lastReport = now
        sendReports(session, session.player)
      }
    }
  }
}
