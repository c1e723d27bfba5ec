import type { Clock, Timer } from '../../kernel/clock.ts'

/** Why a hold is over: the daemon takes it away, or is gone itself. */
export type HoldEnd = 'released' | 'lost'

export interface StreamDemandOptions {
  readonly clock: Clock
  /** Milliseconds for which a stream that nobody needs any more stays up; asked when that begins. */
  readonly linger: () => number
  readonly start: () => void
  readonly stop: () => void
}

/**
 * Decides when a stream is up: while somebody reads it, while the daemon holds it, and for a linger afterwards. A hold that the
 * daemon takes away has no linger, for the daemon has waited already; one that is lost with the daemon has, so that nothing
 * stays up for ever, and the next daemon finds it up.
 */
export class StreamDemand {
  readonly #options: StreamDemandOptions
  #readers = 0
  #held = false
  #up = false
  #leaving: Timer | undefined
  #closed = false

  constructor(options: StreamDemandOptions) {
    this.#options = options
  }

  /** So many read it now. */
  readers(count: number): void {
    const before = this.#readers
    this.#readers = count
    if (count > 0) this.#need()
    else if (before > 0 && !this.#held) this.#linger()
  }

  /** The daemon wants it up. */
  hold(): void {
    this.#held = true
    this.#need()
  }

  letGo(end: HoldEnd): void {
    if (!this.#held) return
    this.#held = false
    if (this.#readers > 0) return
    if (end === 'lost') this.#linger()
    else this.#end()
  }

  /** For good; `stop` is called when it is up. */
  close(): void {
    this.#end()
    this.#closed = true
  }

  #need(): void {
    this.#leaving?.cancel()
    this.#leaving = undefined
    if (this.#up || this.#closed) return
    this.#up = true
    this.#options.start()
  }

  #linger(): void {
    if (!this.#up || this.#leaving) return
    const { clock, linger } = this.#options
    this.#leaving = clock.after(linger(), () => this.#end())
  }

  #end(): void {
    this.#leaving?.cancel()
    this.#leaving = undefined
    if (!this.#up) return
    this.#up = false
    this.#options.stop()
  }
}
