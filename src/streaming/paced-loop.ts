import type { Clock, Timer } from '../kernel/clock.ts'
import { messageOf } from '../kernel/errors.ts'
import type { Logger } from '../kernel/log.ts'

/** Runs work again and again, one at a time; after each round it is asked anew how long to rest. A round that fails is logged. */
export class PacedLoop {
  readonly #clock: Clock
  readonly #log: Logger
  readonly #work: () => Promise<void>
  readonly #pause: () => number
  #timer: Timer | undefined
  #round: Promise<void> | undefined
  #next: Promise<void> | undefined
  #ended = false

  /** `pause`: milliseconds until the next round. */
  constructor(clock: Clock, log: Logger, work: () => Promise<void>, pause: () => number) {
    this.#clock = clock
    this.#log = log
    this.#work = work
    this.#pause = pause
  }

  /** Begins a round now, or behind the one that is under way, which may have passed what is meant; resolves when it is over. */
  run(): Promise<void> {
    if (this.#ended) return Promise.resolve()
    this.#timer?.cancel()
    if (this.#round) {
      this.#next ??= this.#round.then(() => {
        this.#next = undefined
        return this.run()
      })
      return this.#next
    }
    this.#round = this.#work()
      .catch((error: unknown) => this.#log.error({ error: messageOf(error) }, 'live streams were not looked at'))
      .finally(() => {
        this.#round = undefined
        if (!this.#ended) this.#timer = this.#clock.after(this.#pause(), () => void this.run())
      })
    return this.#round
  }

  /** No round begins any more; resolves when the one under way is over. */
  async end(): Promise<void> {
    this.#ended = true
    this.#timer?.cancel()
    await this.#round
  }
}
