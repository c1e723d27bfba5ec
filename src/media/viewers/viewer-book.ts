import type { Grant } from '../../access/index.ts'
import type { StreamRole } from '../frame.ts'
import type { ViewerSession, ViewingLimits } from '../worker/protocol.ts'
import type { TokenGate } from './token-gate.ts'

/** Somebody who watches, as whoever serves them (RTSP, HLS) knows. */
export interface Viewer {
  readonly id: string
  /** The token that lets them watch; undefined for who needs none. */
  readonly grant: Grant | undefined
  session(): ViewerSession
  /** Ends the session at once. `reason` is for the log. */
  end(reason: string): void
}

/** Somebody who wants to watch as well. */
export interface Newcomer {
  readonly id: string
  readonly camera: string
  readonly stream: StreamRole
  /** Null for one without a name: each connection of those is a person. */
  readonly user: string | null
  readonly grant: Grant | undefined
}

/** Everybody who watches a stream of this worker, by whatever protocol. Whose token has run out or was taken back is sent away. */
export class ViewerBook {
  readonly #gate: TokenGate
  readonly #viewers = new Map<string, Viewer>()
  /** Undefined: none. */
  limits: ViewingLimits | undefined

  constructor(gate: TokenGate) {
    this.#gate = gate
  }

  /** Why somebody may not watch as well; undefined where it may. People are counted, not connections, whatever their protocols. */
  overLimit({ id, camera, stream, user, grant }: Newcomer): string | undefined {
    if (!this.limits) return undefined
    const people = new Set([user ?? id])
    const streams = new Set([`${camera}/${stream}`])
    for (const viewer of this.#viewers.values()) {
      const there = viewer.session()
      if (there.relay) continue
      if (there.camera === camera && there.stream === stream) people.add(there.user ?? there.id)
      if (grant && viewer.grant?.user === grant.user) streams.add(`${there.camera}/${there.stream}`)
    }
    const { viewersPerStream, viewersPerUser } = this.limits
    if (people.size > viewersPerStream) return `${viewersPerStream} people watch this stream already`
    // A login is that of a program for all cameras; a token is a person's.
    if (grant && streams.size > viewersPerUser) return `${grant.user} watches ${viewersPerUser} streams already`
    return undefined
  }

  add(viewer: Viewer): void {
    this.#viewers.set(viewer.id, viewer)
  }

  remove(id: string): void {
    this.#viewers.delete(id)
  }

  sessions(): ViewerSession[] {
    return [...this.#viewers.values()].map(viewer => viewer.session())
  }

  /** False when there is no such session. */
  end(id: string, reason: string): boolean {
    const viewer = this.#viewers.get(id)
    viewer?.end(reason)
    return viewer !== undefined
  }

  /** Ends the sessions whose token does not hold any more. To be called every few seconds, and when the rules change. */
  sweep(): void {
    for (const viewer of [...this.#viewers.values()]) {
      const fault = viewer.grant && this.#gate.faultOf(viewer.grant)
      if (fault !== undefined) viewer.end(`token ${fault}`)
    }
  }
}
