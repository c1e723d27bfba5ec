import type { Clock, Timer } from '../../kernel/clock.ts'

interface Waiting {
  readonly host: string
  readonly resume: boolean
  readonly run: () => void
}

export interface StartLimits {
  readonly connectsPerSecond: number
  readonly connectsPerHost: number
}

/** A place in the gate; `done` when the connection is set up or has failed, or is no longer wanted. */
export interface Passage {
  done(): void
}

/**
 * Lets connections start in waves: 200 cameras asked at once time out at the switch and at the recorder alike.
 * At most `connectsPerSecond` begin in a second, and at most `connectsPerHost` are being set up to one host (an NVR with
 * 64 channels is one host). A camera that ran a moment ago (`resume`) does not wait for its wave, only for its host.
 */
export class StartGate {
  readonly #clock: Clock
  #limits: StartLimits
  readonly #waiting = new Set<Waiting>()
  readonly #underWay = new Map<string, number>()
  #tokens: number
  #filled: number
  #timer: Timer | undefined

  constructor(clock: Clock, limits: StartLimits) {
    this.#clock = clock
    this.#limits = limits
    this.#tokens = limits.connectsPerSecond
    this.#filled = clock.monotonic()
  }

  apply(limits: StartLimits): void {
    this.#limits = limits
    this.#admit()
  }

  /** Calls `run` when it is this camera's turn, perhaps at once. `host` is host and port. */
  enter(host: string, resume: boolean, run: () => void): Passage {
    let admitted = false
    const waiting: Waiting = {
      host,
      resume,
      run: () => {
        admitted = true
        run()
      },
    }
    this.#waiting.add(waiting)
    this.#admit()
    let over = false
    return {
      done: () => {
        if (over) return
        over = true
        this.#waiting.delete(waiting)
        if (!admitted) return
        const left = (this.#underWay.get(host) ?? 1) - 1
        if (left === 0) this.#underWay.delete(host)
        else this.#underWay.set(host, left)
        this.#admit()
      },
    }
  }

  /** Forgets everyone who waits. */
  close(): void {
    this.#timer?.cancel()
    this.#waiting.clear()
  }

  #admit(): void {
    const now = this.#clock.monotonic()
    const rate = this.#limits.connectsPerSecond
    this.#tokens = Math.min(Math.max(1, rate), this.#tokens + ((now - this.#filled) / 1_000) * rate)
    this.#filled = now
    for (const waiting of this.#waiting) {
      const free = waiting.resume || this.#tokens >= 1
      const busy = this.#underWay.get(waiting.host) ?? 0
      if (!free || busy >= this.#limits.connectsPerHost) continue
      if (!waiting.resume) this.#tokens -= 1
      this.#waiting.delete(waiting)
      this.#underWay.set(waiting.host, busy + 1)
      waiting.run()
    }
    if (this.#waiting.size === 0 || this.#tokens >= 1 || this.#timer) return
    this.#timer = this.#clock.after(((1 - this.#tokens) / rate) * 1_000 + 1, () => {
      this.#timer = undefined
      this.#admit()
    })
  }
}
