import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MediaMtxConfig } from '../../../config/index.ts'
import { type BackoffPolicy, backoffDelay } from '../../../kernel/backoff.ts'
import { type Clock, sleep } from '../../../kernel/clock.ts'
import { messageOf } from '../../../kernel/errors.ts'
import type { Logger } from '../../../kernel/log.ts'
import { type ProcessIdentity, readIdentity, terminate } from '../../../process/index.ts'
import { writeReport } from '../../../report/index.ts'
import { explainExit } from './explain-exit.ts'
import { startRelayChild } from './relay-child.ts'

export interface RelayProcessOptions {
  /** Absolute path of MediaMTX. */
  readonly program: string
  /** Directory of its configuration file and record; made here, for this user alone. */
  readonly dir: string
  /** Its configuration, asked for at each start. */
  readonly configuration: () => string
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

  /** Begins; does nothing where it has. What a killed daemon left of it is ended first. */
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
    await this.#endLeftover()
    for (let attempt = 0; !signal.aborted; attempt++) {
      const started = clock.monotonic()
      const trouble = await this.#live(signal).catch(messageOf)
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
    const { program, dir, configuration, settings, secrets, clock, log } = this.#options
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    const file = join(dir, 'mediamtx.yml')
    await writeReport(file, configuration(), 0o600)
    const child = startRelayChild(program, file, dir, secrets, log)
    if (child === undefined) return `${program} cannot be started`
    this.#current = readIdentity(child.pid)
    try {
      if (this.#current) writeFileSync(this.#record, JSON.stringify(this.#current), { mode: 0o600 })
    } catch (error) {
      // One that the next daemon would not find must not stay.
      if (this.#current) await terminate(clock, this.#current)
      await child.ended
      throw error
    }
    this.#set({ state: 'starting', pid: child.pid })
    const gone = new AbortController()
    const ended = child.ended.finally(() => gone.abort())
    if (signal.aborted && this.#current) await terminate(clock, this.#current)
    const isReady = await this.#becomesReady(gone.signal)
    if (isReady) {
      log.info({ relay: 'mediamtx', pid: child.pid }, 'MediaMTX runs')
      this.#set({ state: 'running', trouble: null, flapping: false })
    } else if (!gone.signal.aborted && this.#current) await terminate(clock, this.#current)
    const exit = await ended
    this.#current = undefined
    rmSync(this.#record, { force: true })
    const inTime = isReady || exit.lastError !== undefined
    return inTime ? explainExit(exit, settings) : `its API did not answer within ${READY_LIMIT / 1_000} s`
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

  /** Without its daemon it ends with its next line of log, for nobody reads it any more; this is sooner. */
  async #endLeftover(): Promise<void> {
    try {
      await terminate(this.#options.clock, JSON.parse(readFileSync(this.#record, 'utf8')) as ProcessIdentity)
    } catch {
      // There is none.
    }
  }

  get #record(): string {
    return join(this.#options.dir, 'process.json')
  }

  #set(change: Partial<RelayStatus>): void {
    this.#status = { ...this.#status, since: this.#options.clock.wall(), ...change }
  }
}
