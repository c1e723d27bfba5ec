import type { AccessRules } from '../access/index.ts'
import type { Logger } from '../kernel/log.ts'
import type { StreamRef } from '../media/worker/protocol.ts'
import { type ControlRequest, RequestRefused } from './control-client.ts'
import type { WorkerLink } from './worker-link.ts'

const TIMEOUT = 10_000

/** What a worker is told besides its cameras; undefined where nobody has said yet. */
export interface LiveOrder {
  readonly held: readonly StreamRef[] | undefined
  readonly access: AccessRules | undefined
}

/** Which streams of a worker are held, and which tokens hold: what it should know of that, and what it does know. */
export class LiveOrders {
  readonly #log: Logger
  #order: LiveOrder = { held: undefined, access: undefined }
  #fingerprint = JSON.stringify(this.#order)
  /** Requests that the worker does not know. */
  readonly #unknown = new Set<string>()
  /** Revision of what it should know, 0 while nobody has said anything, and of what it was told. */
  revision = 0
  told = 0

  constructor(log: Logger) {
    this.#log = log
  }

  /** False when that is no news. */
  set(order: LiveOrder): boolean {
    const fingerprint = JSON.stringify(order)
    if (fingerprint === this.#fingerprint) return false
    this.#fingerprint = fingerprint
    this.#order = order
    this.revision++
    return true
  }

  /** Another connection: the worker has forgotten what it was told over the last, or is another one. */
  forget(): void {
    this.told = 0
    this.#unknown.clear()
  }

  /** Tells the worker. True when it knows, or cannot be told by its age; false when it must be tried again. */
  async tell(link: WorkerLink): Promise<boolean> {
    const { revision } = this
    const { access, held } = this.#order
    // Rules first: who a stream is held for may come at once.
    if (access && !(await this.#tellOne(link, { type: 'access', rules: access }))) return false
    if (held && !(await this.#tellOne(link, { type: 'hold', streams: held }))) return false
    this.told = revision
    return true
  }

  async #tellOne(link: WorkerLink, request: ControlRequest): Promise<boolean> {
    if (this.#unknown.has(request.type)) return true
    const answer = await link.request(request, TIMEOUT)
    if (answer === 'done') return true
    if (!(answer instanceof RequestRefused)) return false
    this.#unknown.add(request.type)
    this.#log.warn({ request: request.type, answer: answer.message }, 'media worker is of an older vmsctl')
    return true
  }
}
