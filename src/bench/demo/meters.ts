import type { Clock, Timer } from '../../kernel/clock.ts'
import { findWorkers } from '../../supervision/index.ts'
import { processesOf } from '../own-processes.ts'
import { type GroupUsage, UsageMeter } from '../usage-meter.ts'
import type { DemoStage } from './stage.ts'
import type { DemoUsage } from './types.ts'

/** Milliseconds between samples: what a process uses between its last sample and its death is not seen. */
const PERIOD = 500

/** Measures daemon, workers and virtual cameras while the demo runs, whatever comes and goes among them. */
export class DemoMeters {
  readonly #all: UsageMeter
  readonly #workers: UsageMeter
  readonly #simulator: UsageMeter | undefined
  readonly #timer: Timer

  constructor(stage: DemoStage, clock: Clock) {
    const { simulator, stateDir } = stage
    this.#all = new UsageMeter(clock, () => processesOf(stateDir))
    this.#workers = new UsageMeter(clock, () => findWorkers(stateDir).map(worker => worker.pid))
    this.#simulator = simulator && new UsageMeter(clock, () => [simulator.pid])
    for (const meter of this.#meters) meter.begin()
    this.#timer = clock.every(PERIOD, () => {
      for (const meter of this.#meters) meter.sample()
    })
  }

  get #meters(): UsageMeter[] {
    return [this.#all, this.#workers, ...(this.#simulator ? [this.#simulator] : [])]
  }

  /** Stops measuring. */
  cancel(): void {
    this.#timer.cancel()
  }

  end(): DemoUsage {
    this.cancel()
    const simulator: GroupUsage | null = this.#simulator?.end() ?? null
    return { all: this.#all.end(), workers: this.#workers.end(), simulator }
  }
}
