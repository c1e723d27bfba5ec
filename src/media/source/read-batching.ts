/** Milliseconds that reads are gathered. Short beside a frame interval, long beside the time between packets of 200 cameras. */
const GATHER = 5

/**
 * Gathers the reads of many sockets into one turn of the event loop. Packets of 200 cameras come thousands of times a second;
 * woken for each, the process spends more on waking than on reading. So a turn that read anything sleeps a moment before the
 * next one polls: the kernel keeps what comes, and one wake-up then serves dozens of sockets, each with one larger read.
 * While nothing comes nothing sleeps. It delays everything else in the process by GATHER at most; work of many
 * short steps, each of which waits for the next turn (making a file), asks for turns without sleep meanwhile.
 */
export class ReadBatching {
  readonly #cell = new Int32Array(new SharedArrayBuffer(4))
  #planned = false
  #hurried = 0
  readonly #sleep = () => {
    this.#planned = false
    if (this.#hurried === 0) Atomics.wait(this.#cell, 0, 0, GATHER)
  }

  /** Bytes were read in this turn. */
  note(): void {
    if (this.#planned) return
    this.#planned = true
    // Immediates run right after the sockets of this turn have been read.
    setImmediate(this.#sleep)
  }

  /** Runs `work` without sleeping in between. */
  async hurry<T>(work: () => Promise<T>): Promise<T> {
    this.#hurried++
    try {
      return await work()
    } finally {
      this.#hurried--
    }
  }
}
