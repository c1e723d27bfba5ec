/** Media time may part from arrival time by this much between two units, milliseconds, before it counts as a jump. */
const JUMP = 10_000

const WRAP = 2 ** 32

/**
 * Makes one continuous count of ticks out of 32-bit RTP timestamps, 0 at the first. It follows the sender's clock through
 * wraps, B-frames and pauses of any length. Where the sender's time jumps (it restarted, or somebody set its clock: media
 * time and arrival part by more than 10 s at once) the count goes on by the time that passed, and `jumped` says so.
 */
export class TimestampUnwrapper {
  readonly #clockRate: number
  #last = -1
  #lastArrival = 0
  #ticks = 0
  /** The last call met a jump. */
  jumped = false

  /** `clockRate`: ticks a second. */
  constructor(clockRate: number) {
    this.#clockRate = clockRate
  }

  /** Ticks since the first timestamp. `arrival`: monotonic milliseconds. May go back, as B-frames do. */
  unwrap(timestamp: number, arrival: number): number {
    this.jumped = false
    if (this.#last < 0) {
      this.#last = timestamp
      this.#lastArrival = arrival
      return this.#ticks
    }
    const passed = Math.max(0, Math.round(((arrival - this.#lastArrival) * this.#clockRate) / 1000))
    // The true step is known modulo 2^32; of all it can be, the one nearest to the time that passed is taken.
    const deviation = (timestamp - this.#last - (passed % WRAP)) | 0
    if (Math.abs(deviation) > (JUMP / 1000) * this.#clockRate) {
      this.jumped = true
      this.#ticks += Math.max(1, passed)
    } else {
      this.#ticks += passed + deviation
    }
    this.#last = timestamp
    this.#lastArrival = arrival
    return this.#ticks
  }
}
