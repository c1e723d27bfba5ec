import type { Clock, Timer } from '../../kernel/clock.ts'
import { messageOf, systemCode } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/log.ts'

/** Milliseconds between two tries for a port that cannot be had. */
const RETRY_PERIOD = 5_000

/** Host and port that readers connect to. */
export interface ListenAddress {
  readonly host: string
  readonly port: number
}

/** A server that can listen on a port, and leave it without ending who is connected. */
interface Listening {
  listen(options: { host: string; port: number; reusePort: boolean }): Promise<number>
  stopListening(): void
}

/** Keeps a server listening on the port it should have, tries again while it cannot, and says what is wrong. */
export class PortListener {
  readonly #server: Listening
  readonly #clock: Clock
  readonly #log: Logger
  /** What listens, for the log. */
  readonly #what: string
  #wanted: ListenAddress | undefined
  #retry: Timer | undefined
  #turn: Promise<void> = Promise.resolve()
  /** `host:port` that readers can connect to now. */
  listening: string | undefined
  /** Why nobody can connect, for a person. */
  trouble: string | undefined

  constructor(server: Listening, clock: Clock, log: Logger, what = 'gateway') {
    this.#server = server
    this.#clock = clock
    this.#log = log
    this.#what = what
  }

  /** Listens there from now on, and nowhere else; undefined: nowhere. Resolves after the first try; never rejects. */
  move(wanted: ListenAddress | undefined): Promise<void> {
    return this.#inTurn(async () => {
      const same = wanted?.host === this.#wanted?.host && wanted?.port === this.#wanted?.port
      if (same && (wanted === undefined || this.trouble === undefined)) return
      this.#wanted = wanted
      this.#retry?.cancel()
      this.listening = undefined
      this.trouble = undefined
      this.#server.stopListening()
      if (wanted) await this.#listen(wanted)
    })
  }

  async #listen(wanted: ListenAddress): Promise<void> {
    try {
      const port = await this.#server.listen({ host: wanted.host, port: wanted.port, reusePort: true })
      this.listening = addressText({ host: wanted.host, port })
      this.trouble = undefined
      this.#log.info({ address: this.listening }, `${this.#what} listens`)
    } catch (error) {
      const trouble = `${addressText(wanted)}: ${reasonOf(error)}`
      if (trouble !== this.trouble) this.#log.warn({ trouble }, `${this.#what} cannot listen`)
      this.trouble = trouble
      this.#retry = this.#clock.after(RETRY_PERIOD, () => void this.#again(wanted)).unref()
    }
  }

  #again(wanted: ListenAddress): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#wanted === wanted) await this.#listen(wanted)
    })
  }

  /** One at a time: a listener that opens late must not stand beside the next. */
  #inTurn(run: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(run)
    return this.#turn
  }
}

function addressText({ host, port }: ListenAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

function reasonOf(error: unknown): string {
  switch (systemCode(error)) {
    case 'EADDRINUSE':
      return 'the port is in use by another program'
    case 'EACCES':
      return 'not allowed to listen on this port'
    case 'EADDRNOTAVAIL':
      return 'this machine has no such address'
    case 'ENOTFOUND':
      return 'no such host'
    default:
      return messageOf(error)
  }
}
