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

  /** Takes a place if one is free, to be given back with {@link leave}. */
  enter(): boolean {
    if (this.#busy >= this.#limit) return false
    this.#busy++
    return true
  }

  /** The place goes to the next without being free in between. */
  leave(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#busy--
  }

  async use<T>(run: () => Promise<T>): Promise<T> {
    if (!this.enter()) await new Promise<void>(resolve => this.#waiting.push(resolve))
    try {
      return await run()
    } finally {
      this.leave()
    }
  }
}
