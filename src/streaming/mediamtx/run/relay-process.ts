import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { MediaMtxConfig } from '../../../config/index.ts'
import { type BackoffPolicy, backoffDelay } from '../../../kernel/backoff.ts'
import { type Clock, sleep } from '../../../kernel/clock.ts'
import { messageOf } from '../../../kernel/errors.ts'
import type { Logger } from '../../../kernel/log.ts'
import { isRunning, type ProcessIdentity, terminate } from '../../../process/index.ts'
import { writeReport } from '../../../report/index.ts'
import { explainExit } from './explain-exit.ts'
import { type RelayChild, startRelayChild, watchRelayProcess } from './relay-child.ts'
import { readRelayRecord, removeRelayRecord, writeRelayRecord } from './relay-record.ts'

export interface RelayProcessOptions {
  /** Absolute path of MediaMTX. */
  readonly program: string
  /** Directory of its configuration file and record; made here, for this user alone. */
  readonly dir: string
  /** Its configuration, asked for at each start. */
  readonly configuration: () => string
  /** Of what it is started with, but for its paths: one that was started with the same is taken over. */
  readonly fingerprint: string
  /** Brings one that was taken over to what is wanted now. Where it rejects, that one is ended. */
  readonly takenOver: () => Promise<unknown>
  readonly settings: MediaMtxConfig
  /** Environment variables that hold what the file must not (passwords of ICE servers). */
  readonly secrets: Readonly<Record<string, string>>
  /** Resolves when its API answers; rejects while it does not. */
  readonly ready: () => Promise<unknown>
  readonly clock: Clock
  readonly random: () => number
  readonly log: Logger
}

export interface RelayStatus {
  readonly state: 'stopped' | 'starting' | 'running' | 'waiting'
  readonly pid: number | null
  /** Wall-clock milliseconds since when it is in this state. */
  readonly since: number
  /** Unexpected ends since the daemon began. */
  readonly exits: number
  /** It ended five times within a minute: it is tried once a minute. */
  readonly flapping: boolean
  /** Why it does not run; null while it does. */
  readonly trouble: string | null
}

const BACKOFF: BackoffPolicy = { first: 1_000, steady: 0, limit: 60_000 }
/** A life as long as this forgets the failures before it, milliseconds. */
const STEADY = 300_000
const READY_LIMIT = 20_000
const READY_LOOK = 100
const FLAPPING = { exits: 5, within: 60_000, retry: 60_000 }

/** MediaMTX as a child: started, watched, and started again. Recordings do not depend on it. */
export class RelayProcess {
  readonly #options: RelayProcessOptions
  #stop = new AbortController()
  #loop: Promise<void> | undefined
  #status: RelayStatus
  #current: ProcessIdentity | undefined
  #recent: number[] = []

  constructor(options: RelayProcessOptions) {
    this.#options = options
    this.#status = {
      state: 'stopped',
      pid: null,
      since: options.clock.wall(),
      exits: 0,
      flapping: false,
      trouble: null,
    }
  }

  get status(): RelayStatus {
    return this.#status
  }

  /** Begins; does nothing where it has. What a killed daemon left of it is taken over, or ended. */
  start(): void {
    if (this.#loop) return
    this.#stop = new AbortController()
    this.#loop = this.#run(this.#stop.signal)
  }

  /** Ends it (INT, 5 s, TERM, 3 s, KILL) and waits until it is gone. */
  async stop(): Promise<void> {
    this.#stop.abort()
    if (this.#current) await terminate(this.#options.clock, this.#current)
    await this.#loop
    this.#loop = undefined
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { clock, random, log } = this.#options
    mkdirSync(this.#options.dir, { recursive: true, mode: 0o700 })
    let found = await this.#takeOver(signal)
    for (let attempt = 0; !signal.aborted; attempt++) {
      const started = clock.monotonic()
      const trouble = await (found ? this.#watch(found) : this.#live(signal)).catch(messageOf)
      found = undefined
      if (signal.aborted) break
      const now = clock.monotonic()
      if (now - started > STEADY) attempt = 0
      this.#recent = [...this.#recent, now].slice(-FLAPPING.exits)
      const flapping = this.#recent.length === FLAPPING.exits && now - this.#recent[0]! <= FLAPPING.within
      const delay = flapping ? FLAPPING.retry : backoffDelay(BACKOFF, attempt, random)
      this.#set({ state: 'waiting', pid: null, trouble, flapping, exits: this.#status.exits + 1 })
      log.error({ relay: 'mediamtx', retryIn: delay, flapping }, `MediaMTX does not run: ${trouble}`)
      await sleep(clock, delay, signal)
    }
    this.#set({ state: 'stopped', pid: null, trouble: null, flapping: false })
  }

  /** One life, from its start to its end; resolves with why it ended. */
  async #live(signal: AbortSignal): Promise<string> {
    const { program, dir, configuration, fingerprint, settings, secrets, clock, log } = this.#options
    const file = join(dir, 'mediamtx.yml')
    await writeReport(file, configuration(), 0o600)
    const child = await startRelayChild(program, file, secrets, { dir, clock, log })
    if ('problem' in child) return `${program} cannot be started: ${child.problem}`
    const { identity } = child
    this.#current = identity
    try {
      writeRelayRecord(dir, { ...identity, fingerprint })
    } catch (error) {
      // One that the next daemon would not find must not stay.
      await terminate(clock, identity)
      await child.ended
      throw error
    }
    this.#set({ state: 'starting', pid: identity.pid })
    const gone = new AbortController()
    const ended = child.ended.finally(() => gone.abort())
    if (signal.aborted) await terminate(clock, identity)
    const isReady = await this.#becomesReady(gone.signal)
    if (isReady) this.#runs(identity.pid, 'MediaMTX runs')
    else if (!gone.signal.aborted) await terminate(clock, identity)
    const exit = await ended
    this.#forget()
    const inTime = isReady || exit.lastError !== undefined
    return inTime ? explainExit(exit, settings) : `its API did not answer within ${READY_LIMIT / 1_000} s`
  }

  /** The rest of a life that began before ours. */
  async #watch({ ended }: RelayChild): Promise<string> {
    const exit = await ended
    this.#forget()
    return explainExit(exit, this.#options.settings)
  }

  #runs(pid: number, message: string): void {
    this.#options.log.info({ relay: 'mediamtx', pid }, message)
    this.#set({ state: 'running', pid, trouble: null, flapping: false })
  }

  #forget(): void {
    this.#current = undefined
    removeRelayRecord(this.#options.dir)
  }

  async #becomesReady(gone: AbortSignal): Promise<boolean> {
    const { clock, ready } = this.#options
    const end = clock.monotonic() + READY_LIMIT
    while (!gone.aborted && clock.monotonic() < end) {
      if (
        await ready().then(
          () => true,
          () => false,
        )
      )
        return !gone.aborted
      await sleep(clock, READY_LOOK, gone)
    }
    return false
  }

  /** The one that a killed daemon left, so that its viewers go on; one that does not answer, or was started with other settings, is ended. */
  async #takeOver(signal: AbortSignal): Promise<RelayChild | undefined> {
    const { dir, fingerprint, ready, takenOver, clock, log } = this.#options
    const record = readRelayRecord(dir)
    if (record === undefined || !isRunning(record)) return undefined
    this.#current = record
    this.#set({ state: 'starting', pid: record.pid })
    const trouble =
      record.fingerprint === fingerprint
        ? await ready()
            .then(takenOver)
            .then(() => undefined, messageOf)
        : 'it was started with other settings'
    if (trouble === undefined && !signal.aborted) {
      const child = watchRelayProcess(record, { dir, clock, log })
      this.#runs(record.pid, 'MediaMTX of an earlier daemon taken over')
      return child
    }
    log.info({ relay: 'mediamtx', pid: record.pid, reason: trouble }, 'MediaMTX of an earlier daemon ends')
    await terminate(clock, record)
    this.#forget()
    return undefined
  }

  #set(change: Partial<RelayStatus>): void {
    this.#status = { ...this.#status, since: this.#options.clock.wall(), ...change }
  }
}
