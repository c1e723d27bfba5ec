import type { Clock, Timer } from '../../src/kernel/clock.ts'

interface Pending {
  at: number
  period: number | undefined
  run: () => void
}

/** A clock that stands still until a test moves it. Wall and monotonic time move together, `step` moves the wall alone. */
export class FakeClock implements Clock {
  #mono = 0
  #wall: number
  readonly #pending = new Set<Pending>()

  constructor(wall = Date.UTC(2026, 0, 1)) {
    this.#wall = wall
  }

  wall(): number {
    return this.#wall
  }

  monotonic(): number {
    return this.#mono
  }

  after(delay: number, run: () => void): Timer {
    return this.#add({ at: this.#mono + Math.max(0, delay), period: undefined, run })
  }

  every(period: number, run: () => void): Timer {
    return this.#add({ at: this.#mono + period, period, run })
  }

  /** Milliseconds until each pending call, soonest first. */
  get delays(): number[] {
    return [...this.#pending].map(call => call.at - this.#mono).sort((a, b) => a - b)
  }

  /** Moves time on and makes every call that falls due, in order. */
  advance(milliseconds: number): void {
    const end = this.#mono + milliseconds
    for (;;) {
      let next: Pending | undefined
      for (const call of this.#pending) if (call.at <= end && (!next || call.at < next.at)) next = call
      if (!next) break
      this.#move(next.at)
      if (next.period === undefined) this.#pending.delete(next)
      else next.at += next.period
      next.run()
    }
    this.#move(end)
  }

  /** Moves time on in small steps and lets promises settle in between. */
  async run(milliseconds: number, step = 10): Promise<void> {
    for (let left = milliseconds; left > 0; left -= step) {
      this.advance(Math.min(step, left))
      await new Promise(resolve => setImmediate(resolve))
    }
  }

  /** Somebody sets the wall clock; monotonic time does not notice. */
  step(milliseconds: number): void {
    this.#wall += milliseconds
  }

  #move(to: number): void {
    this.#wall += to - this.#mono
    this.#mono = to
  }

  #add(call: Pending): Timer {
    this.#pending.add(call)
    const self: Timer = { cancel: () => void this.#pending.delete(call), unref: () => self }
    return self
  }
}
