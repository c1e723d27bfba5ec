import { type Clock, sleep } from '../../kernel/clock.ts'
import { messageOf } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/log.ts'
import type { SessionSource } from './session-source.ts'
import type { Listed } from './watching.ts'

/** How long the sessions of a source hold that cannot be asked, in looks. */
const PATIENCE = 10
/** Milliseconds that a look waits for a source: whoever is slow must not hold the others up. */
const WAIT = 2_500

interface Known {
  readonly listed: readonly Listed[]
  readonly failures: number
}

/** A question that a source has not answered yet. */
interface Asking {
  readonly answer: Promise<void>
  /** Looks that went on without it. */
  looks: number
}

/**
 * Asks everybody who serves viewers. One that fails is told of once, and its viewers count for a while. One that is slow is not asked
 * again before it has answered.
 */
export class SessionLook {
  readonly #sources: readonly SessionSource[]
  readonly #log: Logger
  readonly #clock: Clock
  readonly #known = new Map<SessionSource, Known>()
  readonly #asking = new Map<SessionSource, Asking>()

  constructor(sources: readonly SessionSource[], clock: Clock, log: Logger) {
    this.#sources = sources
    this.#clock = clock
    this.#log = log
  }

  async list(): Promise<Listed[]> {
    return (await Promise.all(this.#sources.map(source => this.#listed(source)))).flat()
  }

  /** Ends a session wherever it is; whether there was one. */
  async end(id: string, reason: string): Promise<boolean> {
    const ended = await Promise.all(this.#sources.map(source => source.end(id, reason)))
    return ended.includes(true)
  }

  async #listed(source: SessionSource): Promise<readonly Listed[]> {
    const asking = this.#asking.get(source) ?? this.#ask(source)
    const over = new AbortController()
    await Promise.race([asking.answer.finally(() => over.abort()), sleep(this.#clock, WAIT, over.signal)])
    const late = this.#asking.get(source) === asking && ++asking.looks > PATIENCE
    return late ? [] : (this.#known.get(source)?.listed ?? [])
  }

  #ask(source: SessionSource): Asking {
    const asking = { answer: this.#note(source), looks: 0 }
    this.#asking.set(source, asking)
    return asking
  }

  /** Asks, and notes what comes of it. Never rejects. */
  async #note(source: SessionSource): Promise<void> {
    const known = this.#known.get(source)
    try {
      const listed = (await source.list()).map(session => ({ session, source }))
      if (known !== undefined && known.failures > 0) this.#log.info({}, `viewers of ${source.name} can be told again`)
      this.#known.set(source, { listed, failures: 0 })
    } catch (error) {
      const failures = (known?.failures ?? 0) + 1
      const listed = failures > PATIENCE ? [] : (known?.listed ?? [])
      this.#known.set(source, { listed, failures })
      if (failures === 1) this.#log.warn({ reason: messageOf(error) }, `viewers of ${source.name} cannot be told`)
    }
    this.#asking.delete(source)
  }
}
