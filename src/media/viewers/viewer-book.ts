import type { Grant } from '../../access/index.ts'
import type { ViewerSession } from '../worker/protocol.ts'
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

/** Everybody who watches a stream of this worker, by whatever protocol. Whose token has run out or was taken back is sent away. */
export class ViewerBook {
  readonly #gate: TokenGate
  readonly #viewers = new Map<string, Viewer>()

  constructor(gate: TokenGate) {
    this.#gate = gate
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
