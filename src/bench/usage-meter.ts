import type { Clock } from '../kernel/clock.ts'
import { type ProcessUsage, processTree, processUsage } from './process-usage.ts'

/** What a group of processes used between two moments. */
export interface GroupUsage {
  /** Milliseconds measured. */
  readonly elapsed: number
  /** CPU in percent of one core. */
  readonly user: number
  readonly system: number
  readonly cpu: number
  /** Bytes: mean and highest of the samples, all processes together. */
  readonly rss: number
  readonly rssMax: number
  /** Bytes, one sample near the end; null where the kernel does not tell. */
  readonly pss: number | null
  readonly processes: number
}

/**
 * Measures the processes that `roots` gives, and their descendants. Processes may come and go while it measures; what one used
 * before it was first seen does not count, what it used after the last sample that saw it is lost.
 */
export class UsageMeter {
  readonly #clock: Clock
  readonly #roots: () => readonly number[]
  readonly #first = new Map<number, ProcessUsage>()
  readonly #last = new Map<number, ProcessUsage>()
  readonly #rss: number[] = []
  #begun = 0
  #processes = 0

  constructor(clock: Clock, roots: () => readonly number[]) {
    this.#clock = clock
    this.#roots = roots
  }

  begin(): void {
    this.#begun = this.#clock.monotonic()
    this.sample()
  }

  sample(withPss = false): void {
    let rss = 0
    let processes = 0
    for (const pid of processTree(this.#roots())) {
      const usage = processUsage(pid, withPss)
      if (!usage) continue
      if (!this.#first.has(pid)) this.#first.set(pid, usage)
      this.#last.set(pid, usage)
      rss += usage.rss
      processes++
    }
    this.#rss.push(rss)
    this.#processes = processes
  }

  /** Takes the last sample and adds up. */
  end(): GroupUsage {
    this.sample(true)
    const elapsed = this.#clock.monotonic() - this.#begun
    let user = 0
    let system = 0
    let pss: number | null = null
    for (const [pid, last] of this.#last) {
      const first = this.#first.get(pid)!
      user += last.user - first.user
      system += last.system - first.system
      if (last.pss !== null) pss = (pss ?? 0) + last.pss
    }
    const percent = (seconds: number) => Math.round((seconds / (elapsed / 1_000)) * 1_000) / 10
    return {
      elapsed,
      user: percent(user),
      system: percent(system),
      cpu: percent(user + system),
      rss: Math.round(this.#rss.reduce((sum, value) => sum + value, 0) / this.#rss.length),
      rssMax: Math.max(...this.#rss),
      pss,
      processes: this.#processes,
    }
  }
}
