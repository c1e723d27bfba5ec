import type { Clock, Timer } from '../../kernel/clock.ts'

/** What rests between two reads of a connection: `resume` reads again. */
export interface Resumable {
  readonly destroyed: boolean
  resume(): void
}

/** Milliseconds between two looks at who has rested long enough. */
const STEP = 20
/** The longest rest, milliseconds: with a fragment in hand it is what a crash can cost. */
const LONGEST = 200
const STEPS = LONGEST / STEP

/**
 * Bytes that may gather while a connection rests: what Linux lets a new connection receive before its reader reads (half of
 * the default of net.ipv4.tcp_rmem), so that no camera is held up.
 */
const GATHERED = 64 * 1024
/** Milliseconds over which the rate of a connection is measured. */
const MEASURED = 1_000

/**
 * Lets connections that nobody waits for rest between two reads, until about GATHERED bytes have come, 200 ms at most. A camera
 * sends 25 frames a second; read one by one, each costs a system call, a callback, and the caches that 200 other cameras
 * have filled in between. What is only recorded can wait: the kernel keeps it.
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

  /** `connection` has stopped reading: resumes it after `steps` steps, 1 to STEPS. */
  rest(connection: Resumable, steps: number): void {
    this.#resting[(this.#step + steps) % (STEPS + 1)]!.push(connection)
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

/** How long one connection may rest, by the rate at which its bytes came in the last second; not at all in its first. */
export class RestLength {
  #since: number | undefined
  #bytes = 0
  /** Bytes a millisecond. */
  #rate = Number.POSITIVE_INFINITY

  /** A read gave `bytes` at `now` (monotonic milliseconds). Gives the steps of rest that may follow, 0 for none. */
  after(bytes: number, now: number): number {
    this.#since ??= now
    this.#bytes += bytes
    const passed = now - this.#since
    if (passed >= MEASURED) {
      this.#rate = this.#bytes / passed
      this.#since = now
      this.#bytes = 0
    }
    // Nearly the whole buffer: more waits behind it.
    if (bytes >= 3 * GATHERED) return 0
    return Math.min(STEPS, Math.floor(GATHERED / this.#rate / STEP))
  }
}
