import type { Clock } from '../kernel/clock.ts'
import { messageOf } from '../kernel/errors.ts'
import type { Logger } from '../kernel/log.ts'
import type { WorkerHello } from '../media/worker/protocol.ts'
import { isRunning, type ProcessIdentity, readIdentity, terminate, waitUntilGone } from '../process/index.ts'
import type { RunningWorker } from './find-workers.ts'
import { type ExitHistory, NO_EXITS, recordExit } from './flapping.ts'
import type { WorkerExit, WorkerLauncher } from './launcher.ts'
import { removeWorkerRecord, writeWorkerRecord } from './worker-record.ts'

export interface ProcessContext {
  readonly stateDir: string
  readonly version: string
  readonly clock: Clock
  readonly log: Logger
  readonly launcher: WorkerLauncher
}

/** The process in a worker's slot: it is started or adopted, told from others, watched in /proc, and ended. */
export class WorkerProcess {
  version: string | undefined
  /** Wall-clock milliseconds. */
  startedAt: number | undefined
  /** It ran before this daemon did. */
  adopted = false
  /** Deaths that nobody asked for. */
  restarts = 0
  exits: ExitHistory = NO_EXITS
  readonly #slot: number
  readonly #context: ProcessContext
  #identity: ProcessIdentity | undefined
  /** Others of the same slot: none may live on beside the one that answers. */
  #extras: ProcessIdentity[] = []
  #lastExit: WorkerExit | undefined

  constructor(slot: number, context: ProcessContext) {
    this.#slot = slot
    this.#context = context
  }

  get pid(): number | undefined {
    return this.#identity?.pid
  }

  /** Takes over a worker that an earlier daemon started. A second one of the same slot is ended later. */
  adopt(worker: RunningWorker): void {
    if (this.#identity) {
      this.#extras.push(worker)
      return
    }
    this.#identity = worker
    this.adopted = true
    this.version = worker.record?.version
    this.startedAt = worker.record?.startedAt
    this.#context.log.info({ pid: worker.pid, version: worker.record?.version }, 'media worker adopted')
  }

  /** Starts one. `ended` is called when it has left, however that came. Rejects with VMS_E_WORKER_START. */
  async launch(ended: () => void): Promise<void> {
    const { record, exited } = await this.#context.launcher.launch(this.#slot)
    this.#identity = record
    this.adopted = false
    this.version = record.version
    this.startedAt = record.startedAt
    this.#lastExit = undefined
    void exited.then(exit => {
      this.#lastExit = exit
      ended()
    })
    this.#context.log.info({ pid: record.pid }, 'media worker started')
  }

  /** The worker on the control socket said who it is: believe it rather than the record, and end any second one. */
  async meet(hello: WorkerHello): Promise<void> {
    this.version = hello.version
    this.startedAt = hello.startedAt
    const known = this.#identity
    if (known?.pid !== hello.pid) {
      const actual = readIdentity(hello.pid)
      if (!actual) throw new Error('the worker on the control socket is not in /proc')
      this.#identity = actual
      if (known) this.#extras.push(known)
    }
    this.#writeRecord(hello)
    for (const extra of this.#extras.splice(0)) {
      if (extra.pid === hello.pid) continue
      this.#context.log.warn({ pid: extra.pid }, 'a second media worker in this slot is ended')
      await terminate(this.#context.clock, extra)
    }
  }

  /** Brings what we hold to be true in line with /proc. The pid of a worker that is gone since the last look. */
  takeLeave(): number | undefined {
    const known = this.#identity
    if (!known || isRunning(known)) return undefined
    this.#identity = undefined
    return known.pid
  }

  /** Notes a death that nobody asked for. */
  died(pid: number): void {
    this.exits = recordExit(this.exits, this.#context.clock.monotonic())
    this.restarts++
    const { flapping } = this.exits
    this.#context.log.error(
      { pid, ...this.#lastExit, flapping },
      flapping ? 'media worker keeps ending: next start in a minute' : 'media worker died: starting it again',
    )
  }

  /** Waits until it is gone by itself, at most `limit` milliseconds, then ends it with the ladder of signals. */
  async end(limit: number): Promise<void> {
    const target = this.#identity
    if (!target) return
    const { clock } = this.#context
    if (limit <= 0 || !(await waitUntilGone(clock, target, limit))) await terminate(clock, target)
  }

  /** The slot is empty on purpose: the next daemon shall not look for its worker. */
  forget(): void {
    removeWorkerRecord(this.#context.stateDir, this.#slot)
  }

  #writeRecord({ version, protocol, startedAt }: WorkerHello): void {
    const { pid, startTime, bootId } = this.#identity!
    try {
      const record = { pid, startTime, bootId, slot: this.#slot, version, protocol, startedAt }
      writeWorkerRecord(this.#context.stateDir, record)
    } catch (error) {
      this.#context.log.error({ error: messageOf(error) }, 'worker record not written')
    }
  }
}
