import { workerPaths } from '../config/state-paths.ts'
import type { Timer } from '../kernel/clock.ts'
import { messageOf } from '../kernel/errors.ts'
import { readBootId } from '../process/index.ts'
import { findWorkers } from './find-workers.ts'
import { type MediaPlane, WorkerMediaPlane } from './media-plane.ts'
import { rotateLog } from './rotate-log.ts'
import type { SlotView, WorkerOrder } from './slot-view.ts'
import { readWorkerRecords } from './worker-record.ts'
import { type SlotContext, WorkerSlot } from './worker-slot.ts'

/** Milliseconds between two looks at /proc and two status requests: the failsafe behind the events. */
const SWEEP_PERIOD = 5_000

export interface SupervisorOptions extends SlotContext {
  /** Tells a worker's command line in /proc; for tests with a worker of their own. */
  readonly program?: RegExp
}

/** Keeps the media workers of a node as they should be. */
export class WorkerSupervisor {
  readonly #options: SupervisorOptions
  readonly #slots = new Map<number, WorkerSlot>()
  readonly #plane: WorkerMediaPlane
  #timer: Timer | undefined
  #sweptAt = Number.NEGATIVE_INFINITY

  constructor(options: SupervisorOptions) {
    this.#options = options
    this.#plane = new WorkerMediaPlane(options.clock, () => [...this.#slots.values()])
  }

  /** Slots up to and with the last that has a worker now. */
  runningSlots(): number {
    const { stateDir, program } = this.#options
    return Math.max(0, ...findWorkers(stateDir, program).map(worker => worker.slot + 1))
  }

  /** Takes over the workers that run, and remembers which had run until they died. Call once, before {@link apply}. */
  adopt(): void {
    const { stateDir, program } = this.#options
    for (const worker of findWorkers(stateDir, program)) this.#slot(worker.slot).adopt(worker)
    const bootId = readBootId()
    for (const record of readWorkerRecords(stateDir)) {
      // After a reboot the start waves protect the network; after a mere death the cameras come back at once.
      if (record.bootId === bootId && this.#slots.get(record.slot) === undefined) this.#slot(record.slot).resumeAll()
    }
    this.#timer = this.#options.clock.every(SWEEP_PERIOD, () => this.sweep())
    this.#sweptAt = this.#options.clock.monotonic()
  }

  /**
   * Sets what should run: an order for each slot; workers of other slots are stopped, and gone before any order goes out,
   * for their cameras may be in it.
   */
  async apply(orders: ReadonlyMap<number, WorkerOrder>): Promise<void> {
    const surplus = [...this.#slots.values()].filter(slot => !orders.has(slot.slot))
    await Promise.all(surplus.map(slot => slot.stop()))
    for (const { slot } of surplus) this.#slots.delete(slot)
    for (const [slot, order] of orders) this.#slot(slot).want(order)
    this.#plane.tellAll()
  }

  /** The streams of the workers, for whoever decides which of them are up. */
  live(): MediaPlane {
    return this.#plane
  }

  /** Looks at every slot, asks each worker for its status, and keeps the logs in bounds. */
  sweep(): void {
    this.#sweptAt = this.#options.clock.monotonic()
    for (const slot of this.#slots.values()) {
      slot.wake()
      void slot.refresh(0)
      this.#rotate(slot.slot)
    }
  }

  /** Milliseconds since the last sweep; the watchdog is fed only while this stays small. */
  get sweepAge(): number {
    return this.#options.clock.monotonic() - this.#sweptAt
  }

  /** Brings the statuses up to date, to `maxAge` milliseconds; waits at most `limit` for slow workers. */
  async refresh(maxAge: number, limit: number): Promise<void> {
    let timer: Timer | undefined
    const patience = new Promise<void>(resolve => {
      timer = this.#options.clock.after(limit, resolve)
    })
    await Promise.race([patience, Promise.all([...this.#slots.values()].map(slot => slot.refresh(maxAge)))])
    timer?.cancel()
  }

  /** Tells a worker that its journal is safe in the index up to `position`; false when it cannot be told now. */
  acknowledge(slot: number, position: number): boolean {
    return this.#slots.get(slot)?.acknowledge(position) ?? false
  }

  /** Every slot, in order. */
  views(): SlotView[] {
    return [...this.#slots.values()].sort((a, b) => a.slot - b.slot).map(slot => slot.view())
  }

  /** What remains to be done, one line a step. */
  plan(): string[] {
    return [...this.#slots.values()].flatMap(slot => slot.describe() ?? [])
  }

  /** Whether every worker runs and knows its cameras. */
  get settled(): boolean {
    return [...this.#slots.values()].every(slot => slot.settled)
  }

  /** Ends supervision and leaves the workers to record. */
  leave(): void {
    this.#timer?.cancel()
    for (const slot of this.#slots.values()) slot.leave()
  }

  /** Ends every worker in order, then supervision. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.#slots.values()].map(slot => slot.stop()))
    this.leave()
  }

  #rotate(slot: number): void {
    try {
      rotateLog(workerPaths(this.#options.stateDir, slot).log)
    } catch (error) {
      this.#options.log.warn({ worker: slot, error: messageOf(error) }, 'log not rotated')
    }
  }

  #slot(number: number): WorkerSlot {
    let slot = this.#slots.get(number)
    if (!slot) {
      slot = new WorkerSlot(number, this.#options)
      this.#slots.set(number, slot)
    }
    return slot
  }
}
