import { statSync } from 'node:fs'
import { type AccessRules, AccessStore } from '../access/index.ts'
import type { Clock, Timer } from '../kernel/clock.ts'
import { messageOf, systemCode } from '../kernel/errors.ts'
import type { Logger } from '../kernel/log.ts'

/** Milliseconds between two looks at what commands have written. */
const PERIOD = 1_000
const NO_TOKENS: AccessRules = { keys: [], revoked: [] }

export interface AccessWatchOptions {
  /** File of the access store; it need not be there. */
  readonly path: string
  readonly clock: Clock
  readonly log: Logger
  /** Told at the start and after each change. */
  readonly changed: (rules: AccessRules) => void
}

/** Sees within a second which tokens commands gave out and took back. Where the file cannot be read, what held before holds on. */
export class AccessWatch {
  readonly #options: AccessWatchOptions
  readonly #timer: Timer
  #store: AccessStore | undefined
  /** Which file, and which state of it, was read last. */
  #seen: string | undefined
  #trouble: string | undefined
  rules = NO_TOKENS

  constructor(options: AccessWatchOptions) {
    this.#options = options
    this.#timer = options.clock.every(PERIOD, () => this.look())
    this.look()
  }

  end(): void {
    this.#timer.cancel()
    this.#close()
  }

  /** Looks now, and not only when it is time. */
  look(): void {
    const { log } = this.#options
    try {
      this.#read()
      this.#trouble = undefined
    } catch (error) {
      const trouble = messageOf(error)
      if (trouble !== this.#trouble)
        log.error({ error: trouble }, 'access tokens cannot be read: what held before holds on')
      this.#trouble = trouble
      this.#close()
    }
  }

  #read(): void {
    const { path, clock } = this.#options
    const file = identityOf(path)
    if (file === undefined) {
      if (this.#store) this.#close()
      return this.#tell('none', NO_TOKENS)
    }
    // Another file in its place is another store.
    if (this.#store && this.#seen?.startsWith(`${file} `) === false) this.#close()
    this.#store ??= new AccessStore(path)
    const seen = `${file} ${this.#store.version}`
    if (seen !== this.#seen) this.#tell(seen, this.#store.rules(clock.wall()))
  }

  #tell(seen: string, rules: AccessRules): void {
    if (seen === this.#seen) return
    this.#seen = seen
    this.rules = rules
    this.#options.changed(rules)
  }

  /** What a connection calls the state of its file means nothing to the next one. */
  #close(): void {
    this.#seen = undefined
    this.#store?.[Symbol.dispose]()
    this.#store = undefined
  }
}

/** Undefined where there is no such file. */
function identityOf(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path)
    return `${dev}:${ino}`
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}
