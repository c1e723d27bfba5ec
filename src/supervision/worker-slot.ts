import { workerPaths } from '../config/state-paths.ts'
import type { Timer } from '../kernel/clock.ts'
import { messageOf } from '../kernel/errors.ts'
import type { Logger } from '../kernel/log.ts'
import type { WorkerStatus } from '../media/worker/protocol.ts'
import type { ControlRequest } from './control-client.ts'
import type { RunningWorker } from './find-workers.ts'
import { type LiveOrder, LiveOrders } from './live-orders.ts'
import { describeStep, planSlot, type SlotFacts, type SlotStep, slotTrouble } from './slot-plan.ts'
import type { SlotView, WorkerOrder } from './slot-view.ts'
import { WorkerLink } from './worker-link.ts'
import { type ProcessContext, WorkerProcess } from './worker-process.ts'

export type SlotContext = ProcessContext

const APPLY_TIMEOUT = 30_000
/** All open segments are closed and synced in this time, milliseconds. */
const ACKNOWLEDGE_TIMEOUT = 10_000
const STOP_TIMEOUT = 15_000
/** Between tries to reach a control socket that is not open yet, and between other steps that failed. */
const CONNECT_PAUSE = 50
const FAILURE_PAUSE = 5_000

/**
 * One media worker's place: it sees that a process is there and knows what it should do, by carrying out what {@link planSlot}
 * says. Every event (order, death, answer, timer) leads to `wake`, and one step is under way at a time.
 */
export class WorkerSlot {
  readonly slot: number
  readonly #context: SlotContext
  readonly #log: Logger
  readonly #process: WorkerProcess
  readonly #link: WorkerLink
  readonly #live: LiveOrders
  #order: WorkerOrder | undefined
  #fingerprint = ''
  #revision = 0
  /** Revision that the worker has confirmed; 0 for none. */
  #applied = 0
  /** Cameras that ran in the worker that died; all of them when nobody knows. */
  #resume: ReadonlySet<string> | 'all' | undefined
  #busy: Promise<void> | undefined
  #again = false
  #timer: Timer | undefined
  #left = false

  constructor(slot: number, context: SlotContext) {
    this.slot = slot
    this.#context = context
    this.#log = context.log.child({ worker: slot })
    const own = { ...context, log: this.#log }
    this.#live = new LiveOrders(this.#log)
    this.#process = new WorkerProcess(slot, own)
    const { socket } = workerPaths(context.stateDir, slot)
    this.#link = new WorkerLink({ ...own, socket, changed: () => this.wake() })
  }

  /** Takes over a worker that an earlier daemon started. */
  adopt(worker: RunningWorker): void {
    this.#process.adopt(worker)
    this.#link.expect()
  }

  /** The slot's worker died while no daemon looked: its cameras ran, so they come back at once. */
  resumeAll(): void {
    this.#resume = 'all'
  }

  /** Sets what the worker should do; undefined: there should be none. */
  want(order: WorkerOrder | undefined): void {
    const fingerprint = JSON.stringify(order) ?? ''
    if (fingerprint === this.#fingerprint && (order === undefined) === (this.#order === undefined)) return this.wake()
    this.#fingerprint = fingerprint
    this.#order = order
    this.#revision++
    this.wake()
  }

  /** Sets which of its streams are held, and which tokens hold; a worker that is new or met again is told again. */
  tell(order: LiveOrder): void {
    if (this.#live.set(order)) this.wake()
  }

  /** The cameras that it should have. */
  get cameras(): readonly string[] {
    return this.#order?.cameras.map(({ id }) => id) ?? []
  }

  /** Whether requests reach it, and it has its cameras. */
  get reachable(): boolean {
    return this.#link.state === 'up' && this.#applied > 0
  }

  /** See {@link WorkerLink.ask}. */
  ask<T>(request: ControlRequest, timeout: number): Promise<T> {
    return this.#link.ask<T>(request, timeout)
  }

  /** Looks at the slot and does what is due. */
  wake(): void {
    if (this.#left) return
    this.#again = true
    if (this.#busy) return
    this.#busy = this.#drive().finally(() => {
      this.#busy = undefined
      if (this.#again) this.wake()
    })
  }

  /** Whether there is nothing to do: the worker runs and knows its cameras, or is rightly gone. */
  get settled(): boolean {
    return this.#busy === undefined && this.#next() === undefined
  }

  /** The step that is due now, for people. */
  describe(): string | undefined {
    const step = this.#next()
    return step && describeStep(this.slot, step, this.#context.clock.monotonic())
  }

  /** Asks for the worker's status unless the last is younger than `maxAge` milliseconds. Resolves either way. */
  refresh(maxAge: number): Promise<void> {
    return this.#link.refresh(maxAge)
  }

  /** False while the worker cannot be told. One of an older version refuses it, and goes on as it did. */
  acknowledge(position: number): boolean {
    if (this.#link.state !== 'up') return false
    void this.#link.request({ type: 'acknowledge', position }, ACKNOWLEDGE_TIMEOUT)
    return true
  }

  view(): SlotView {
    const { pid, version, startedAt, adopted, restarts } = this.#process
    const { state: link, status, statusAt } = this.#link
    const trouble = this.#order === undefined && pid === undefined ? undefined : slotTrouble(this.#facts())
    const cameras = this.#order?.cameras.length ?? 0
    return { slot: this.slot, pid, version, startedAt, adopted, restarts, link, trouble, cameras, status, statusAt }
  }

  /** Lets the worker be: closes the connection, forgets timers. The worker goes on recording. */
  leave(): void {
    this.#left = true
    this.#timer?.cancel()
    this.#link.close()
  }

  /** Ends the worker in order and waits until it is gone. */
  async stop(): Promise<void> {
    this.want(undefined)
    while (this.#busy) await this.#busy
    if (this.#process.pid === undefined) this.#process.forget()
  }

  async #drive(): Promise<void> {
    this.#timer?.cancel()
    while (!this.#left) {
      this.#again = false
      this.#observe()
      const step = this.#next()
      if (!step) return
      if (step.type !== 'connect') this.#log.debug({ step }, 'supervision step')
      const pause = await this.#execute(step).catch((error: unknown) => {
        this.#log.error({ step: step.type, error: messageOf(error) }, 'supervision step failed')
        return FAILURE_PAUSE
      })
      if (pause === 0) continue
      this.#timer = this.#context.clock.after(pause, () => this.wake())
      if (!this.#again) return
    }
  }

  /** Carries out one step. Returns the milliseconds to wait before the next look, 0 for none. */
  async #execute(step: SlotStep): Promise<number> {
    switch (step.type) {
      case 'launch':
        await this.#process.launch(() => this.wake())
        this.#link.expect()
        return 0
      case 'connect':
        return this.#connect()
      case 'apply':
        return this.#apply(step.revision)
      case 'live':
        return (await this.#live.tell(this.#link)) || this.#link.state === 'down' ? 0 : FAILURE_PAUSE
      case 'stop': {
        const agreed = this.#link.state === 'up'
        if (agreed) await this.#link.request({ type: 'stop' }, STOP_TIMEOUT)
        await this.#process.end(agreed ? STOP_TIMEOUT : 0)
        return 0
      }
      case 'kill':
        this.#log.error({ pid: this.#process.pid, reason: step.reason }, 'media worker hangs and is ended')
        await this.#process.end(0)
        return 0
      case 'wait':
        return Math.max(1, step.until - this.#context.clock.monotonic())
    }
  }

  async #connect(): Promise<number> {
    const outcome = await this.#link.connect(hello => this.#process.meet(hello))
    if (outcome === 'met') {
      this.#applied = 0
      this.#live.forget()
    }
    return { absent: CONNECT_PAUSE, silent: FAILURE_PAUSE, met: 0 }[outcome]
  }

  async #apply(revision: number): Promise<number> {
    const order = this.#order
    if (!order) return 0
    const resume = this.#resume
    const cameras = order.cameras.map(camera => ({
      ...camera,
      resume: resume === 'all' || (resume?.has(camera.id) ?? false),
    }))
    const { settings, peers } = order
    const answer = await this.#link.request({ type: 'apply', settings, cameras, peers }, APPLY_TIMEOUT)
    if (answer === undefined) return 0
    if (answer instanceof Error) {
      this.#log.error({ error: answer.message }, 'media worker did not take its cameras')
      return FAILURE_PAUSE
    }
    this.#applied = revision
    this.#resume = undefined
    this.#log.info({ cameras: cameras.length }, 'media worker has its cameras')
    void this.refresh(0)
    return 0
  }

  /** Sees whether the worker is still there, and what follows when it is not. */
  #observe(): void {
    const gone = this.#process.takeLeave()
    if (gone === undefined) return
    const { status } = this.#link
    this.#link.drop()
    if (!this.#order) {
      this.#process.forget()
      this.#log.info({ pid: gone }, 'media worker stopped')
      return
    }
    this.#resume = status ? new Set(status.cameras.filter(ran).map(camera => camera.id)) : 'all'
    this.#process.died(gone)
  }

  #next(): SlotStep | undefined {
    const wanted = { run: this.#order !== undefined, revision: this.#revision, live: this.#live.revision }
    return planSlot(wanted, this.#facts(), this.#context.clock.monotonic())
  }

  #facts(): SlotFacts {
    const { state: link, downSince: linkDownSince, missed } = this.#link
    const { pid, exits } = this.#process
    const [applied, live] = [this.#applied, this.#live.told]
    return { running: pid !== undefined, link, linkDownSince, applied, live, missed, exits }
  }
}

function ran(camera: WorkerStatus['cameras'][number]): boolean {
  return camera.recording.wanted || camera.main.state === 'playing'
}
