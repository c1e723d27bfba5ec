import { messageOf } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/log.ts'
import type { SessionSource } from './session-source.ts'
import type { Listed } from './watching.ts'

/** How long the sessions of a source hold that cannot be asked, in looks. */
const PATIENCE = 10

interface Known {
  readonly listed: readonly Listed[]
  failures: number
}

/** Asks everybody who serves viewers. One that does not answer is told of once, and its viewers count for a while. */
export class SessionLook {
  readonly #sources: readonly SessionSource[]
  readonly #log: Logger
  readonly #known = new Map<SessionSource, Known>()

  constructor(sources: readonly SessionSource[], log: Logger) {
    this.#sources = sources
    this.#log = log
  }

  async list(): Promise<Listed[]> {
    return (await Promise.all(this.#sources.map(source => this.#ask(source)))).flat()
  }

  /** Ends a session wherever it is; whether there was one. */
  async end(id: string, reason: string): Promise<boolean> {
    const ended = await Promise.all(this.#sources.map(source => source.end(id, reason)))
    return ended.includes(true)
  }

  async #ask(source: SessionSource): Promise<readonly Listed[]> {
    const known = this.#known.get(source)
    try {
      const listed = (await source.list()).map(session => ({ session, source }))
      if (known !== undefined && known.failures > 0) this.#log.info({}, `viewers of ${source.name} can be told again`)
      this.#known.set(source, { listed, failures: 0 })
      return listed
    } catch (error) {
      const failures = (known?.failures ?? 0) + 1
      const listed = failures > PATIENCE ? [] : (known?.listed ?? [])
      this.#known.set(source, { listed, failures })
      if (failures === 1) this.#log.warn({ reason: messageOf(error) }, `viewers of ${source.name} cannot be told`)
      return listed
    }
  }
}
