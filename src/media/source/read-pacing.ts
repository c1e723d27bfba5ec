import type { Clock, Timer } from '../../kernel/clock.ts'

/** What rests between two reads of a connection: `resume` begins to read again. A net.Socket is one. */
export interface Resumable {
  readonly destroyed: boolean
  resume(): void
}

/** Milliseconds between two looks at who has rested long enough, and how many of them a rest lasts. */
const STEP = 20
const STEPS = 10

/**
 * Lets connections that nobody waits for rest 200 ms between two reads. A camera sends 25 frames a second; read one by one, each
 * costs a system call, a callback, and the caches that 200 other cameras have filled in between. After a rest five
 * frames come with one read. What is only recorded can wait that long: the kernel keeps it.
 */
export class ReadPacing {
  readonly #clock: Clock
  /** A wheel: who rests, by the step at which the rest is over. */
  readonly #resting: Resumable[][] = Array.from({ length: STEPS + 1 }, () => [])
  #step = 0
  #count = 0
  #timer: Timer | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** `connection` has stopped reading: resumes it when its rest is over. */
  rest(connection: Resumable): void {
    this.#resting[(this.#step + STEPS) % (STEPS + 1)]!.push(connection)
    this.#count++
    this.#timer ??= this.#clock.every(STEP, () => this.#turn())
  }

  #turn(): void {
    this.#step = (this.#step + 1) % (STEPS + 1)
    const rested = this.#resting[this.#step]!
    this.#resting[this.#step] = []
    this.#count -= rested.length
    for (const connection of rested) if (!connection.destroyed) connection.resume()
    if (this.#count > 0) return
    this.#timer?.cancel()
    this.#timer = undefined
  }
}
