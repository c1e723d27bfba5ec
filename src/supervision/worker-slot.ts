import { workerPaths } from '../config/state-paths.ts'
import type { Clock, Timer } from '../kernel/clock.ts'
import { messageOf } from '../kernel/errors.ts'
import type { Logger } from '../kernel/log.ts'
import {
  type GatewayPeer,
  PROTOCOL_VERSION,
  type WantedCamera,
  type WorkerHello,
  type WorkerSettings,
  type WorkerStatus,
} from '../media/worker/protocol.ts'
import { isRunning, type ProcessIdentity, readIdentity, terminate, waitUntilGone } from '../process/index.ts'
import { ControlClient, RequestRefused } from './control-client.ts'
import type { RunningWorker } from './find-workers.ts'
import { type ExitHistory, NO_EXITS, recordExit } from './flapping.ts'
import type { WorkerExit, WorkerLauncher } from './launcher.ts'
import { describeStep, planSlot, type SlotFacts, type SlotStep, slotTrouble } from './slot-plan.ts'
import { removeWorkerRecord, writeWorkerRecord } from './worker-record.ts'

/** What a worker is told by `apply`; `resume` is filled in here. */
export interface WorkerOrder {
  readonly settings: WorkerSettings
  readonly cameras: readonly Omit<WantedCamera, 'resume'>[]
  readonly peers: readonly GatewayPeer[]
}

export interface SlotContext {
  readonly stateDir: string
  readonly version: string
  readonly clock: Clock
  readonly log: Logger
  readonly launcher: WorkerLauncher
}

/** A slot for reports. */
export interface SlotView {
  readonly slot: number
  readonly pid: number | undefined
  readonly version: string | undefined
  /** Wall-clock milliseconds. */
  readonly startedAt: number | undefined
  /** It ran before this daemon did. */
  readonly adopted: boolean
  readonly restarts: number
  readonly link: SlotFacts['link']
  readonly trouble: string | undefined
  readonly cameras: number
  readonly status: WorkerStatus | undefined
  /** Monotonic milliseconds of `status`. */
  readonly statusAt: number
}

const HELLO_TIMEOUT = 5_000
const APPLY_TIMEOUT = 30_000
const STATUS_TIMEOUT = 10_000
/** All open segments are closed and synced in this time, milliseconds. */
const STOP_TIMEOUT = 15_000
/** Between tries to reach a control socket that is not open yet, and between other steps that failed. */
const CONNECT_PAUSE = 50
const FAILURE_PAUSE = 5_000

/**
 * One media worker's place: it keeps a process there, talks to it, and carries out what {@link planSlot} says. Every
 * event (order, death, answer, timer) leads to `wake`, and one step is under way at a time.
 */
export class WorkerSlot {
  readonly slot: number
  readonly #context: SlotContext
  #log: Logger
  #order: WorkerOrder | undefined
  #fingerprint = ''
  #revision = 0
  #applied = 0
  #process: ProcessIdentity | undefined
  #extras: ProcessIdentity[] = []
  #hello: WorkerHello | undefined
  #version: string | undefined
  #startedAt: number | undefined
  #adopted = false
  #restarts = 0
  #client: ControlClient | undefined
  #link: SlotFacts['link'] = 'down'
  #linkDownSince: number
  #missed = 0
  #exits: ExitHistory = NO_EXITS
  #lastExit: WorkerExit | undefined
  #status: WorkerStatus | undefined
  #statusAt = Number.NEGATIVE_INFINITY
  #asking: Promise<void> | undefined
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
    this.#linkDownSince = context.clock.monotonic()
  }

  /** Takes over a worker that an earlier daemon started. */
  adopt(worker: RunningWorker): void {
    if (this.#process) {
      this.#extras.push(worker)
      return
    }
    this.#process = worker
    this.#adopted = true
    this.#version = worker.record?.version
    this.#startedAt = worker.record?.startedAt
    this.#linkDownSince = this.#context.clock.monotonic()
    this.#log.info({ pid: worker.pid, version: worker.record?.version }, 'media worker adopted')
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
    return (
      this.#busy === undefined && planSlot(this.#wanted(), this.#facts(), this.#context.clock.monotonic()) === undefined
    )
  }

  /** The step that is due now, for people. */
  describe(): string | undefined {
    const now = this.#context.clock.monotonic()
    const step = planSlot(this.#wanted(), this.#facts(), now)
    return step && describeStep(this.slot, step, now)
  }

  /** Asks for the worker's status unless the last is younger than `maxAge` milliseconds. Resolves either way. */
  refresh(maxAge: number): Promise<void> {
    const client = this.#client
    if (this.#link !== 'up' || !client) return Promise.resolve()
    if (this.#context.clock.monotonic() - this.#statusAt < maxAge) return Promise.resolve()
    this.#asking ??= this.#ask(client).finally(() => {
      this.#asking = undefined
    })
    return this.#asking
  }

  view(): SlotView {
    return {
      slot: this.slot,
      pid: this.#process?.pid,
      version: this.#hello?.version ?? this.#version,
      startedAt: this.#hello?.startedAt ?? this.#startedAt,
      adopted: this.#adopted,
      restarts: this.#restarts,
      link: this.#link,
      trouble: this.#order === undefined && !this.#process ? undefined : slotTrouble(this.#facts()),
      cameras: this.#order?.cameras.length ?? 0,
      status: this.#status,
      statusAt: this.#statusAt,
    }
  }

  /** Lets the worker be: closes the connection, forgets timers. The worker goes on recording. */
  leave(): void {
    this.#left = true
    this.#timer?.cancel()
    this.#client?.close()
  }

  /** Ends the worker in order and waits until it is gone. */
  async stop(): Promise<void> {
    this.want(undefined)
    while (this.#busy) await this.#busy
    if (!this.#process) removeWorkerRecord(this.#context.stateDir, this.slot)
  }

  async #drive(): Promise<void> {
    this.#timer?.cancel()
    while (!this.#left) {
      this.#again = false
      this.#observe()
      const now = this.#context.clock.monotonic()
      const step = planSlot(this.#wanted(), this.#facts(), now)
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
        return this.#launch()
      case 'connect':
        return this.#connect()
      case 'apply':
        return this.#apply(step.revision)
      case 'stop':
        return this.#stop()
      case 'kill': {
        this.#log.error({ pid: this.#process?.pid, reason: step.reason }, 'media worker hangs and is ended')
        if (this.#process) await terminate(this.#context.clock, this.#process)
        return 0
      }
      case 'wait':
        return Math.max(1, step.until - this.#context.clock.monotonic())
    }
  }

  async #launch(): Promise<number> {
    const { record, exited } = await this.#context.launcher.launch(this.slot)
    this.#process = record
    this.#adopted = false
    this.#version = record.version
    this.#startedAt = record.startedAt
    this.#hello = undefined
    this.#lastExit = undefined
    this.#linkDownSince = this.#context.clock.monotonic()
    void exited.then(exit => {
      this.#lastExit = exit
      this.wake()
    })
    this.#log.info({ pid: record.pid }, 'media worker started')
    return 0
  }

  async #connect(): Promise<number> {
    let client: ControlClient
    try {
      client = await ControlClient.connect(workerPaths(this.#context.stateDir, this.slot).socket, this.#context.clock)
    } catch {
      return CONNECT_PAUSE
    }
    try {
      const hello = await client.hello(HELLO_TIMEOUT)
      if (hello.protocol !== PROTOCOL_VERSION) throw new RequestRefused(`it speaks protocol ${hello.protocol}`)
      await this.#met(hello)
      this.#link = 'up'
    } catch (error) {
      if (!(error instanceof RequestRefused)) {
        client.close()
        return FAILURE_PAUSE
      }
      this.#link = 'foreign'
      this.#log.warn(
        { pid: this.#process?.pid, answer: error.message },
        'media worker of another protocol: it goes on recording as it is',
      )
    }
    this.#client = client
    this.#missed = 0
    this.#applied = 0
    void client.closed.then(() => this.#linkLost(client))
    return 0
  }

  /** The worker on the socket said who it is: believe it rather than the record, and end any second one. */
  async #met(hello: WorkerHello): Promise<void> {
    this.#hello = hello
    const known = this.#process
    if (known?.pid !== hello.pid) {
      const actual = readIdentity(hello.pid)
      if (!actual) throw new Error('the worker on the control socket is not in /proc')
      this.#process = actual
      if (known) this.#extras.push(known)
    }
    this.#record(hello)
    for (const extra of this.#extras.splice(0)) {
      if (extra.pid === hello.pid) continue
      this.#log.warn({ pid: extra.pid }, 'a second media worker in this slot is ended')
      await terminate(this.#context.clock, extra)
    }
  }

  #record({ version, protocol, startedAt }: WorkerHello): void {
    try {
      writeWorkerRecord(this.#context.stateDir, {
        ...identityOf(this.#process!),
        slot: this.slot,
        version,
        protocol,
        startedAt,
      })
    } catch (error) {
      this.#log.error({ error: messageOf(error) }, 'worker record not written')
    }
  }

  async #apply(revision: number): Promise<number> {
    const order = this.#order
    const client = this.#client
    if (!order || !client) return 0
    const resume = this.#resume
    const cameras = order.cameras.map(camera => ({
      ...camera,
      resume: resume === 'all' || (resume?.has(camera.id) ?? false),
    }))
    try {
      await client.request({ type: 'apply', settings: order.settings, cameras, peers: order.peers }, APPLY_TIMEOUT)
    } catch (error) {
      if (this.#client === client) this.#log.error({ error: messageOf(error) }, 'media worker did not take its cameras')
      return this.#client === client ? FAILURE_PAUSE : 0
    }
    this.#applied = revision
    this.#resume = undefined
    this.#log.info({ cameras: cameras.length }, 'media worker has its cameras')
    void this.refresh(0)
    return 0
  }

  async #stop(): Promise<number> {
    const target = this.#process
    if (!target) return 0
    const { clock } = this.#context
    if (this.#link === 'up') await this.#client?.request({ type: 'stop' }, STOP_TIMEOUT).catch(() => {})
    if (this.#link !== 'up' || !(await waitUntilGone(clock, target, STOP_TIMEOUT))) await terminate(clock, target)
    return 0
  }

  /** Brings what we hold to be true in line with /proc. */
  #observe(): void {
    const known = this.#process
    if (!known || isRunning(known)) return
    this.#process = undefined
    this.#client?.close()
    this.#client = undefined
    this.#link = 'down'
    this.#missed = 0
    if (!this.#order) {
      removeWorkerRecord(this.#context.stateDir, this.slot)
      this.#status = undefined
      this.#log.info({ pid: known.pid }, 'media worker stopped')
      return
    }
    this.#exits = recordExit(this.#exits, this.#context.clock.monotonic())
    this.#restarts++
    this.#resume = this.#status ? new Set(this.#status.cameras.filter(ran).map(camera => camera.id)) : 'all'
    this.#status = undefined
    const { flapping } = this.#exits
    this.#log.error(
      { pid: known.pid, ...this.#lastExit, flapping },
      flapping ? 'media worker keeps ending: next start in a minute' : 'media worker died: starting it again',
    )
  }

  #linkLost(client: ControlClient): void {
    if (this.#client !== client) return
    this.#client = undefined
    this.#link = 'down'
    this.#linkDownSince = this.#context.clock.monotonic()
    this.wake()
  }

  async #ask(client: ControlClient): Promise<void> {
    try {
      const status = await client.status(STATUS_TIMEOUT)
      if (this.#client !== client) return
      this.#status = status
      this.#statusAt = this.#context.clock.monotonic()
      this.#missed = 0
    } catch {
      if (this.#client !== client) return
      this.#missed++
      this.#log.warn({ missed: this.#missed }, 'media worker left a status request unanswered')
      this.wake()
    }
  }

  #wanted() {
    return { run: this.#order !== undefined, revision: this.#revision }
  }

  #facts(): SlotFacts {
    return {
      running: this.#process !== undefined,
      link: this.#link,
      linkDownSince: this.#linkDownSince,
      applied: this.#applied,
      missed: this.#missed,
      exits: this.#exits,
    }
  }
}

function identityOf({ pid, startTime, bootId }: ProcessIdentity): ProcessIdentity {
  return { pid, startTime, bootId }
}

function ran(camera: WorkerStatus['cameras'][number]): boolean {
  return camera.recording.wanted || camera.main.state === 'playing'
}
