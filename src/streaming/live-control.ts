import type { DatabaseSync } from 'node:sqlite'
import type { Clock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/log.ts'
import type { MediaPlane } from '../supervision/index.ts'
import type { LiveSite } from './live-site.ts'
import { PacedLoop } from './paced-loop.ts'
import { LiveRegistry } from './registry/registry.ts'
import type { StreamMirror } from './registry/stream-mirror.ts'
import { streamProcesses } from './registry/stream-processes.ts'
import { ViewingHistory } from './registry/viewing-history.ts'
import { compareWithWorker } from './stream/compare-with-worker.ts'
import { LiveStreams } from './stream/live-streams.ts'
import type { StreamTimes } from './stream/state.ts'
import { reportStream } from './stream-report.ts'
import { StreamWishes } from './stream-wishes.ts'
import type { StreamKey, StreamReport, ViewerReport } from './types.ts'
import { urlsOf } from './urls.ts'
import { KeepBook } from './viewers/keep-book.ts'
import type { Lease } from './viewers/lease.ts'
import { LeaseBook } from './viewers/lease-book.ts'
import { SessionLook } from './viewers/look.ts'
import { PlaneSessions } from './viewers/plane-sessions.ts'
import type { SessionSource } from './viewers/session-source.ts'
import { firstChoice, isConfigured } from './viewers/standing-wishes.ts'
import { viewersOf } from './viewers/viewers.ts'
import { ViewingLog } from './viewers/viewing-log.ts'
import { compareSessions, type Listed, type Watching } from './viewers/watching.ts'
import { monotonicOf, wallOf } from './wall-time.ts'

export interface LiveControlOptions {
  readonly site: LiveSite
  readonly plane: MediaPlane
  /** Who serves viewers besides the media workers. */
  readonly sources: readonly SessionSource[]
  /** The registry, opened. */
  readonly database: DatabaseSync
  readonly mirror: StreamMirror
  readonly clock: Clock
  readonly log: Logger
}

/** Milliseconds between two looks at who watches: while something is up, and while nothing is. */
const PACE = 1_000
const IDLE_PACE = 2_000
/** How old the word of the workers may be: while a stream changes, and while all is steady. */
const FRESH = 900
const STEADY = 4_000
/** An open is answered by the worker within 10 s. A stream that was let go is taken for gone after 3 s. */
const TIMES = { start: 12_000, stop: 3_000, retry: 5_000 }
/** Milliseconds after which everybody is there again who was there under an earlier daemon. */
const FOUND = 15_000

/** Sees who watches, wants the streams accordingly, and remembers both. What is asked of it is LiveService's business. */
export class LiveControl {
  readonly #options: LiveControlOptions
  readonly #registry: LiveRegistry
  readonly history: ViewingHistory
  readonly leases: LeaseBook
  readonly keeps: KeepBook
  readonly streams: LiveStreams
  readonly sessions: SessionLook
  readonly log: ViewingLog
  readonly #wishes: StreamWishes
  readonly #loop: PacedLoop
  readonly #began: number
  readonly #lastLook: number
  #watching: ReadonlyMap<string, Watching> = new Map()
  #settled = false
  #stored = ''

  constructor(options: LiveControlOptions) {
    const { database, clock, log, plane, sources } = options
    this.#options = options
    this.#registry = new LiveRegistry(database)
    this.history = new ViewingHistory(database)
    this.log = new ViewingLog(this.history)
    this.leases = new LeaseBook(this.#registry, clock)
    this.keeps = new KeepBook(this.#registry)
    this.sessions = new SessionLook([new PlaneSessions(plane), ...sources], clock, log)
    const times = (camera: string) => this.times(camera)
    this.streams = new LiveStreams({ plane, clock, log, times, changed: () => this.#store() })
    const { site } = options
    this.#wishes = new StreamWishes({ site, streams: this.streams, leases: this.leases, keeps: this.keeps, clock })
    this.#loop = new PacedLoop(
      clock,
      log,
      () => this.#look(),
      () => (this.#busy() ? PACE : IDLE_PACE),
    )
    this.#began = clock.monotonic()
    this.#lastLook = this.#registry.lastLook()
  }

  /** Takes up what an earlier daemon left, and begins to look. */
  start(): void {
    const { site, clock } = this.#options
    for (const { since, ...key } of this.#registry.streams())
      if (isConfigured(site, key))
        this.streams.adopt(key, monotonicOf(clock, this.#lastLook), monotonicOf(clock, since))
    for (const lease of this.leases.all()) this.#wishes.ofLease(lease)
    this.#wishes.follow()
    this.streams.hold()
    void this.#loop.run()
  }

  async end(): Promise<void> {
    await this.#loop.end()
    this.streams.end()
    await this.#options.mirror.end()
  }

  /** Looks now, and not only when it is time. */
  look(): Promise<void> {
    return this.#loop.run()
  }

  times(camera: string): StreamTimes {
    return { ...TIMES, linger: this.#options.site.linger(camera) }
  }

  viewers(): ViewerReport[] {
    return viewersOf(this.#watching.values(), this.leases.all(), this.#options.clock.wall())
  }

  watching(): ReadonlyMap<string, Watching> {
    return this.#watching
  }

  report(key: StreamKey, viewers: readonly ViewerReport[] = this.viewers()): StreamReport {
    const { site, clock } = this.#options
    const { camera, stream } = key
    const config = site.camera(camera)
    const warm = stream === firstChoice(site, camera) ? site.prewarmed(camera, clock.wall()) : undefined
    return reportStream({
      camera,
      stream,
      state: this.streams.get(key)?.state,
      viewers: viewers.filter(viewer => viewer.camera === camera && viewer.stream === stream),
      keep: this.keeps.get(key),
      prewarm: warm,
      linger: site.linger(camera),
      status: site.status(key)?.status,
      urls: urlsOf(key, config?.sub !== undefined, site.doors(camera)),
      wallOf: monotonic => Math.round(wallOf(clock, monotonic)),
    })
  }

  /** Takes or renews a lease: its stream is wanted until it runs out. */
  putLease(lease: Lease): void {
    this.leases.followClock()
    this.leases.put(lease)
    this.#wishes.ofLease(lease)
  }

  /** Forgets leases; their streams linger from now on, unless others want them. */
  dropLeases(leases: readonly Lease[]): void {
    this.leases.drop(leases)
    for (const lease of leases) this.#wishes.endLease(lease)
  }

  async #look(): Promise<void> {
    const { site, clock, mirror } = this.#options
    const listed = await this.sessions.list()
    const wall = clock.wall()
    this.#meet(listed, wall)
    this.#wishes.follow()
    if (this.#any()) {
      await site.refresh(this.#changing() ? FRESH : STEADY)
      this.#compareWithWorkers()
    }
    this.streams.tick()
    this.leases.prune()
    this.log.prune(wall - site.config.viewing.history)
    if (!this.#settled && clock.monotonic() - this.#began > FOUND) this.#settle()
    if (this.#busy()) this.#registry.looked(wall)
    if (!mirror.active) return
    const viewers = this.viewers()
    const report = (key: StreamKey) => this.report(key, viewers)
    mirror.publish(streamProcesses(this.streams.all(), report, camera => site.workerPid(camera)))
  }

  /** Takes note of who came and who went. */
  #meet(listed: readonly Listed[], wall: number): void {
    const { site, clock } = this.#options
    const people = listed.filter(({ session }) => !session.relay && site.camera(session.camera))
    const changes = compareSessions(this.#watching, people, { now: clock.monotonic(), wall })
    this.#watching = changes.all
    this.#wishes.ofSessions(changes)
    this.log.enter(changes, ({ session }) => this.leases.ofToken(session.token))
  }

  /** What the workers say of a stream goes before what we believe. */
  #compareWithWorkers(): void {
    for (const live of [...this.streams.all()]) {
      const event = compareWithWorker(live.state, this.#options.site.status(live))
      if (event) this.streams.feed(live, event)
    }
  }

  /** Everybody who was there before this daemon has been seen, or is gone. */
  #settle(): void {
    this.#settled = true
    this.log.endForgotten(this.#lastLook)
    this.streams.forgetFound()
  }

  #store(): void {
    const up = [...this.streams.all()].flatMap(({ camera, stream, state: { phase } }) =>
      phase.name === 'running' || phase.name === 'lingering' || phase.name === 'starting'
        ? [{ camera, stream, since: wallOf(this.#options.clock, phase.since) }]
        : [],
    )
    const text = JSON.stringify(up)
    if (text === this.#stored) return
    this.#stored = text
    this.#registry.setStreams(up)
    this.#registry.looked(this.#options.clock.wall())
  }

  #busy(): boolean {
    return !this.#settled || this.#watching.size > 0 || this.#any()
  }

  #any(): boolean {
    return !this.streams.all()[Symbol.iterator]().next().done
  }

  #changing(): boolean {
    return [...this.streams.all()].some(
      ({ state: { phase } }) => phase.name !== 'running' && phase.name !== 'lingering',
    )
  }
}
