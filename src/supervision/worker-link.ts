import type { Clock } from '../kernel/clock.ts'
import { VmsError } from '../kernel/errors.ts'
import type { Logger } from '../kernel/log.ts'
import { PROTOCOL_VERSION, type WorkerHello, type WorkerStatus } from '../media/worker/protocol.ts'
import { ControlClient, type ControlRequest, RequestRefused } from './control-client.ts'
import type { SlotFacts } from './slot-plan.ts'

const HELLO_TIMEOUT = 5_000
const STATUS_TIMEOUT = 10_000

/** What came of a try to reach a worker: nobody listens (any more), one that listens does not answer as it should, or it is met. */
export type ConnectOutcome = 'absent' | 'silent' | 'met'

export interface LinkOptions {
  readonly clock: Clock
  readonly log: Logger
  /** Path of the worker's control socket. */
  readonly socket: string
  /** The connection ended, or a status request was left unanswered. */
  readonly changed: () => void
}

/** The daemon's connection to the worker in a slot, and the last status that came over it. */
export class WorkerLink {
  state: SlotFacts['link'] = 'down'
  /** Monotonic milliseconds; of no meaning while the link is not down. */
  downSince: number
  /** Status requests in a row that were not answered in time. */
  missed = 0
  status: WorkerStatus | undefined
  /** Monotonic milliseconds of `status`. */
  statusAt = Number.NEGATIVE_INFINITY
  readonly #options: LinkOptions
  #client: ControlClient | undefined
  #asking: Promise<void> | undefined

  constructor(options: LinkOptions) {
    this.#options = options
    this.downSince = options.clock.monotonic()
  }

  /** Another process is there: the time in which it must open its socket begins anew. */
  expect(): void {
    this.downSince = this.#options.clock.monotonic()
  }

  /** Connects, and hands what the worker says of itself to `meet`; when that rejects the worker counts as silent. */
  async connect(meet: (hello: WorkerHello) => Promise<void>): Promise<ConnectOutcome> {
    const { clock, log, socket } = this.#options
    let client: ControlClient
    try {
      client = await ControlClient.connect(socket, clock)
    } catch {
      return 'absent'
    }
    try {
      const hello = await client.hello(HELLO_TIMEOUT)
      if (hello.protocol !== PROTOCOL_VERSION) throw new RequestRefused(`it speaks protocol ${hello.protocol}`)
      await meet(hello)
      this.state = 'up'
    } catch (error) {
      if (!(error instanceof RequestRefused)) {
        client.close()
        // A worker that was killed may take one more connection while the kernel closes its files.
        return error instanceof VmsError && error.code === 'VMS_E_REMOTE' ? 'absent' : 'silent'
      }
      this.state = 'foreign'
      log.warn({ answer: error.message }, 'media worker of another protocol: it goes on recording as it is')
    }
    this.#client = client
    this.missed = 0
    void client.closed.then(() => this.#lost(client))
    return 'met'
  }

  /** Sends a request; see {@link ControlClient.request}. Undefined when the link ended before the answer. */
  async request(request: ControlRequest, timeout: number): Promise<'done' | Error | undefined> {
    const client = this.#client
    if (!client) return undefined
    try {
      await client.request(request, timeout)
      return 'done'
    } catch (error) {
      return this.#client === client ? (error as Error) : undefined
    }
  }

  /** The answer to a request; see {@link ControlClient.request}. Rejects with VMS_E_REMOTE where there is no link. */
  ask<T>(request: ControlRequest, timeout: number): Promise<T> {
    if (this.state !== 'up' || !this.#client)
      return Promise.reject(new VmsError('VMS_E_REMOTE', 'there is no connection to the worker'))
    return this.#client.request<T>(request, timeout)
  }

  /** Asks for the worker's status unless the last is younger than `maxAge` milliseconds. Resolves either way. */
  refresh(maxAge: number): Promise<void> {
    const client = this.#client
    if (this.state !== 'up' || !client) return Promise.resolve()
    if (this.#options.clock.monotonic() - this.statusAt < maxAge) return Promise.resolve()
    this.#asking ??= this.#ask(client).finally(() => {
      this.#asking = undefined
    })
    return this.#asking
  }

  /** The process is gone: nothing that we heard of it holds any more. */
  drop(): void {
    this.close()
    this.#client = undefined
    this.state = 'down'
    this.missed = 0
    this.status = undefined
  }

  close(): void {
    this.#client?.close()
  }

  #lost(client: ControlClient): void {
    if (this.#client !== client) return
    this.#client = undefined
    this.state = 'down'
    this.downSince = this.#options.clock.monotonic()
    this.#options.changed()
  }

  async #ask(client: ControlClient): Promise<void> {
    try {
      const status = await client.status(STATUS_TIMEOUT)
      if (this.#client !== client) return
      this.status = status
      this.statusAt = this.#options.clock.monotonic()
      this.missed = 0
    } catch {
      if (this.#client !== client) return
      this.missed++
      this.#options.log.warn({ missed: this.missed }, 'media worker left a status request unanswered')
      this.#options.changed()
    }
  }
}
