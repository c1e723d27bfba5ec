/** Lets so many operations run at once and makes the rest wait their turn: a hung disk must not take every thread. */
export class Slots {
  readonly #limit: number
  #busy = 0
  readonly #waiting: (() => void)[] = []

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Operations that run now. */
  get busy(): number {
    return this.#busy
  }

  async use<T>(run: () => Promise<T>): Promise<T> {
    if (this.#busy >= this.#limit) await new Promise<void>(resolve => this.#waiting.push(resolve))
    else this.#busy++
    try {
      return await run()
    } finally {
      // The place goes to the next without being free in between.
      const next = this.#waiting.shift()
      if (next) next()
      else this.#busy--
    }
  }
}
