import { messageOf } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/log.ts'
import type { TokenGate } from '../../media/viewers/index.ts'
import type { SessionSource, ViewerSession } from '../../streaming/index.ts'
import type { RelayServer } from '../../streaming/mediamtx/relay-server.ts'
import type { RelayViewer } from '../../streaming/mediamtx/relay-sessions.ts'

/** Milliseconds without a sign after which a browser is gone. MediaMTX waits for 30 s, and keeps its stream up meanwhile. */
const SILENT = 15_000

/** Why a session ended whose token does not hold any more. */
const FAULTS: Readonly<Record<string, string | undefined>> = {
  revoked: 'its token was taken back',
  expired: 'its token ran out',
}
const MOST_REASONS = 10_000

export interface RelaySourceOptions {
  /** The one that runs now. */
  readonly relay: () => RelayServer | undefined
  readonly tokens: TokenGate
  /** Wall-clock milliseconds. */
  readonly now: () => number
  readonly log: Logger
}

/** Who watches at MediaMTX. Each look ends those whose token does not hold any more, and browsers that are gone. */
export class RelaySource implements SessionSource {
  readonly name = 'MediaMTX'
  readonly #options: RelaySourceOptions
  /** Of those that were ended here: why. */
  readonly #reasons = new Map<string, string>()

  constructor(options: RelaySourceOptions) {
    this.#options = options
  }

  async list(): Promise<readonly ViewerSession[]> {
    const relay = this.#options.relay()
    // Its viewers are gone with it.
    if (!relay) return []
    const sessions = await relay.sessions.list()
    await Promise.all(sessions.map(session => this.#judge(relay, session)))
    return sessions
  }

  async end(id: string): Promise<boolean> {
    return (await this.#options.relay()?.sessions.end(id)) ?? false
  }

  howEnded(id: string): string | undefined {
    const reason = this.#reasons.get(id)
    this.#reasons.delete(id)
    return reason
  }

  async #judge(relay: RelayServer, { id, protocol, camera, user, lastSeen }: RelayViewer): Promise<void> {
    const { tokens, now, log } = this.#options
    const grant = relay.sessions.grantOf(id)
    const fault = grant && tokens.faultOf(grant)
    const silent = protocol === 'webrtc' && now() - lastSeen > SILENT
    if (fault === undefined && !silent) return
    const reason = fault === undefined ? 'gone without a word' : (FAULTS[fault] ?? fault)
    try {
      if (!(await relay.sessions.end(id))) return
      if (this.#reasons.size >= MOST_REASONS) this.#reasons.clear()
      this.#reasons.set(id, reason)
      log.info({ camera, user, protocol, reason }, 'viewer of MediaMTX ended')
    } catch (error) {
      log.warn({ camera, user, reason: messageOf(error) }, 'a viewer of MediaMTX cannot be ended')
    }
  }
}
