import type { AlarmTarget } from '../../config/types.ts'
import { type BackoffPolicy, backoffDelay } from '../../kernel/backoff.ts'
import type { Timer } from '../../kernel/clock.ts'
import { messageOf } from '../../kernel/errors.ts'
import type { Outbox } from './outbox.ts'
import { type SendContext, sendAlarm } from './send.ts'
import type { Waiting } from './store.ts'

/** Retries: three within 5 s each, then doubling to 10 min. */
const BACKOFF: BackoffPolicy = { first: 5_000, steady: 3, limit: 600_000 }
/** Milliseconds after which a message is given up: news of yesterday. */
const GIVE_UP = 86_400_000

export interface PostmanOptions extends SendContext {
  readonly outbox: Outbox
  readonly random: () => number
  readonly backoff?: BackoffPolicy
}

/**
 * Delivers what waits for one target, one after the other in order, each until it is taken: a message is not lost by a target that
 * is down for hours, nor by a restart; it may come twice when we are killed between its delivery and the note of it.
 */
export class Postman {
  readonly #target: AlarmTarget
  readonly #options: PostmanOptions
  readonly #stop = new AbortController()
  #failures = 0
  #again = false
  #retry: Timer | undefined
  #running: Promise<void> | undefined

  constructor(target: AlarmTarget, options: PostmanOptions) {
    this.#target = target
    this.#options = options
  }

  /** There may be something to deliver. */
  wake(): void {
    // The round under way may have looked already.
    this.#again = true
    if (this.#stop.signal.aborted || this.#retry || this.#running) return
    this.#again = false
    this.#running = this.#deliver().finally(() => {
      this.#running = undefined
      if (this.#again) this.wake()
    })
  }

  /** Ends what is under way; it stays in the store. */
  async close(): Promise<void> {
    this.#stop.abort()
    this.#retry?.cancel()
    await this.#running
  }

  /** Until nothing waits or something fails. Never rejects. */
  async #deliver(): Promise<void> {
    const { outbox, clock, random, log, backoff = BACKOFF } = this.#options
    const { name } = this.#target
    for (;;) {
      let waiting: Waiting | undefined
      try {
        waiting = outbox.next(name)
        if (!waiting || this.#stop.signal.aborted) return
        await sendAlarm(this.#target, waiting.id, waiting.letter, this.#options, this.#stop.signal)
        if (this.#failures > 0) log.info({ target: name, failures: this.#failures }, 'alarms are delivered again')
        this.#failures = 0
      } catch (error) {
        if (this.#stop.signal.aborted) return
        const delay = backoffDelay(backoff, this.#failures++, random)
        if (!waiting || clock.wall() - waiting.at < GIVE_UP) {
          log.warn({ target: name, error: messageOf(error), retryIn: delay }, 'alarm not delivered')
          return this.#wakeIn(delay)
        }
        log.error({ target: name, error: messageOf(error), id: waiting.id }, 'alarm given up after a day')
      }
      outbox.done(name, waiting)
    }
  }

  #wakeIn(delay: number): void {
    const wake = () => {
      this.#retry = undefined
      this.wake()
    }
    this.#retry = this.#options.clock.after(delay, wake).unref()
  }
}
