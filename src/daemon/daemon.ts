import type { DatabaseSync } from 'node:sqlite'
import type { AccessRules } from '../access/index.ts'
import type { Timer } from '../kernel/clock.ts'
import { messageOf } from '../kernel/errors.ts'
import { TokenGate } from '../media/viewers/index.ts'
import { StateStore } from '../state/state-store.ts'
import type { LiveService } from '../streaming/index.ts'
import type { WorkerSupervisor } from '../supervision/index.ts'
import { AccessWatch } from './access-watch.ts'
import { AlarmWatch } from './alarm-watch.ts'
import { ArchiveService } from './archive-service.ts'
import type { StatusQuery } from './client.ts'
import { briefFault, configChanges } from './config-changes.ts'
import { FootageKeeper } from './footage-keeper.ts'
import { HeldSite, type HeldSiteOptions, type LoadedConfig } from './held-site.ts'
import { LiveStreaming } from './live/live-streaming.ts'
import { ViewerTokens } from './live/viewer-tokens.ts'
import { type LogQuery, readLogs } from './log-files.ts'
import { ongoingOutages } from './ongoing-outages.ts'
import { RelayHost } from './relay/relay-host.ts'
import { selectCameras } from './select-cameras.ts'
import type { DaemonService } from './service.ts'
import { cameraReports, forAttention, LOST_WINDOW, summarise, workerReports } from './site-report.ts'
import { FreeSpace } from './storage-watch.ts'
import type { HealthReport, LogLine, RecordRequest, RecordResult, ReloadResult, SiteStatus } from './types.ts'
import { ViewingDesk } from './viewing/viewing-desk.ts'
import { ChangeTimer } from './wanted/change-timer.ts'
import { takeRequest } from './wanted/take-request.ts'
import { heldSince } from './wanted/wishes.ts'

export interface DaemonOptions extends HeldSiteOptions {
  readonly version: string
  readonly database: DatabaseSync
  /** The index of the archive, opened. */
  readonly index: DatabaseSync
  /** The registry of live streams, opened. */
  readonly live: DatabaseSync
  /** File of the alarms. */
  readonly alarms: string
  /** File of the access tokens. */
  readonly access: string
  /** Directory of MediaMTX's files. */
  readonly relay: string
  /** Directory of the private keys that sign them. */
  readonly keys: string
  readonly supervisor: WorkerSupervisor
  /** Reads the configuration anew. Rejects with VMS_E_CONFIG_INVALID and the like. */
  readonly load: () => Promise<LoadedConfig>
  /** Ends the daemon. */
  readonly end: (recorders: boolean) => void
}

/** Period of housekeeping: journals, storage, free space; milliseconds. */
const HOUSEKEEPING = 5_000
/** How old worker statuses may be in an answer, and how long an answer waits for slow workers, milliseconds. */
const STATUS_AGE = 500
const STATUS_PATIENCE = 2_000

/** The daemon's mind: it holds what is wanted, tells the supervisor, and reports. Sockets and signals are not its business. */
export class Daemon implements DaemonService {
  readonly #options: DaemonOptions
  readonly #state: StateStore
  readonly #footage: FootageKeeper
  readonly archive: ArchiveService
  /** What the watch page asks, and who may. */
  readonly viewing: ViewingDesk
  readonly tokens: TokenGate
  readonly #live: LiveStreaming
  readonly #relay: RelayHost
  readonly #startedAt: number
  readonly #startedMonotonic: number
  readonly #space: FreeSpace
  readonly #change: ChangeTimer
  #held!: HeldSite
  #free: number | null = null
  #configTrouble: string | null = null
  #lastApply: Promise<void> = Promise.resolve()
  #lastReload: Promise<unknown> = Promise.resolve()
  #timer: Timer | undefined
  #alarms: AlarmWatch | undefined
  #access: AccessWatch | undefined
  #house: Promise<void> | undefined

  constructor(options: DaemonOptions) {
    this.#options = options
    this.#state = new StateStore(options.database)
    this.#footage = new FootageKeeper({ ...options, state: this.#state })
    const { clock } = options
    const archive = () => this.#footage.archive(this.#held.config)
    const outages = () => ongoingOutages(this.#report({ lost: false }).all, workerReports(options.supervisor.views()))
    this.archive = new ArchiveService(archive, outages, clock)
    const config = () => this.#held.config
    const tokens = new ViewerTokens({ ...options, changed: () => this.#access?.look() })
    this.tokens = new TokenGate(clock)
    const shared = { ...options, database: options.live, config, random: Math.random }
    this.#relay = new RelayHost({
      ...shared,
      dir: options.relay,
      tokens: this.tokens,
      refuses: (user, stream) => this.#live.refuses(user, stream),
      env: process.env,
    })
    this.#live = new LiveStreaming({ ...shared, tokens, relay: this.#relay })
    this.#startedAt = clock.wall()
    this.#startedMonotonic = clock.monotonic()
    this.#space = new FreeSpace(clock)
    this.viewing = this.#viewingDesk()
    this.#change = new ChangeTimer(clock, () => void this.#follow())
  }

  /** Reads the configuration, adopts what runs and starts what should. Rejects when the configuration has faults. */
  async start(): Promise<void> {
    const { clock, supervisor } = this.#options
    const loaded = await this.#options.load()
    this.#held = new HeldSite(this.#options, this.#state, supervisor.runningSlots())
    await this.#held.take(loaded)
    supervisor.adopt()
    await this.#apply()
    const { access, alarms: path, log } = this.#options
    const live = supervisor.live()
    const changed = (rules: AccessRules) => {
      this.tokens.apply(rules)
      live.access(rules)
    }
    this.#access = new AccessWatch({ path: access, clock, log, changed })
    const { config } = this.#held
    this.#alarms = new AlarmWatch({ path, config, clock, random: Math.random, env: process.env, log })
    this.#live.start()
    this.#relay.configured()
    this.#timer = clock.every(HOUSEKEEPING, () => this.#keepHouse())
    this.#keepHouse()
  }

  /** Ends our own work, and waits for what is under way; recorders are the supervisor's. */
  async end(): Promise<void> {
    this.#timer?.cancel()
    this.#change.end()
    this.#access?.end()
    await this.#house
    await Promise.all([this.#footage.end(), this.#alarms?.close(), this.#live.end(), this.#relay.end()])
  }

  get live(): LiveService {
    return this.#live.service
  }

  /** Where workers serve browsers; undefined: nowhere. */
  get viewingHost(): string | undefined {
    return this.#held.config.viewing.listen?.host
  }

  get site(): string {
    return this.#held.config.site.name
  }

  health(): HealthReport {
    const { supervisor, version } = this.#options
    return { ready: supervisor.settled, pid: process.pid, version, startedAt: this.#startedAt, plan: supervisor.plan() }
  }

  async status(query: StatusQuery): Promise<SiteStatus> {
    const { supervisor, version, stateDir } = this.#options
    const { config } = this.#held
    const asked = query.cameras && new Set(selectCameras(config.cameras, { cameras: query.cameras }))
    // A gap that ended a moment ago is in the journal, no longer in the camera's state: read both, or it is in neither.
    await Promise.all([
      supervisor.refresh(STATUS_AGE, STATUS_PATIENCE),
      this.#footage
        .read(config)
        .catch(error => this.#options.log.error({ error: messageOf(error) }, 'journals not read')),
    ])
    const { now, all } = this.#report({ lost: true })
    const cameras = asked ? all.filter(camera => asked.has(camera.id)) : forAttention(all, query.attention)
    return {
      site: config.site.name,
      timezone: config.site.timezone,
      at: now,
      daemon: {
        pid: process.pid,
        version,
        startedAt: this.#startedAt,
        config: config.file,
        stateDir,
        configTrouble: this.#configTrouble,
      },
      summary: summarise(asked ? cameras : all, this.#free, all),
      workers: workerReports(supervisor.views()),
      relay: this.#relay.report(),
      notes: this.#notes(),
      cameras,
      omitted: asked ? 0 : all.length - cameras.length,
    }
  }

  async record(record: boolean | null, request: RecordRequest): Promise<RecordResult> {
    const { clock, log } = this.#options
    const site = { held: this.#held, state: this.#state, now: clock.wall() }
    const { by, ...result } = takeRequest(record, request, site)
    const { changed } = result
    if (changed.length > 0) {
      const cameras = changed.length === 1 ? changed[0] : changed.length
      const wish = record === null ? 'left to the configuration' : record ? 'started' : 'stopped'
      log.info({ by, cameras }, `recording ${wish} by request`)
      await this.#apply()
    }
    return result
  }

  /** One at a time: of two, the one asked for last must not be undone by the other. */
  reload(): Promise<ReloadResult> {
    const reloaded = this.#lastReload.catch(() => {}).then(() => this.#reload())
    this.#lastReload = reloaded
    return reloaded
  }

  async #reload(): Promise<ReloadResult> {
    const before = this.#held.config
    let loaded: LoadedConfig
    try {
      loaded = await this.#options.load()
    } catch (error) {
      this.#configTrouble = briefFault(error)
      this.#options.log.error({ error: messageOf(error) }, 'configuration not taken: the old one stays')
      throw error
    }
    await this.#held.take(loaded)
    this.#configTrouble = null
    await this.#alarms?.configure(loaded.config)
    this.#live.configured()
    await this.#apply()
    this.#relay.configured()
    const changes = configChanges(before, loaded.config)
    const { added, removed, changed, settings } = changes
    this.#options.log.info(
      { added: added.length, removed: removed.length, changed: changed.length, settings },
      'configuration reloaded',
    )
    return { ...changes, notes: this.#notes() }
  }

  stop(recorders: boolean): void {
    this.#options.end(recorders)
  }

  logs(query: LogQuery): LogLine[] {
    return readLogs(this.#options.stateDir, query)
  }

  #viewingDesk(): ViewingDesk {
    const { supervisor, clock } = this.#options
    return new ViewingDesk({
      config: () => this.#held.config,
      plane: supervisor.live(),
      views: () => supervisor.views(),
      refresh: (maxAge, patience) => supervisor.refresh(maxAge, patience),
      relay: () => this.#relay.page(),
      clock,
    })
  }

  /** Every camera as it is now, by what the workers said last; without the seconds lost, which cost the most, where nobody asks. */
  #report({ lost }: { readonly lost: boolean }) {
    const { supervisor, clock } = this.#options
    const { config, resolved, storage, wanted } = this.#held
    const now = clock.wall()
    const day = { start: now - LOST_WINDOW, end: now }
    const histories = new Map(config.cameras.map(({ id }) => [id, this.#state.wishHistoryOf(id, day.end, day.start)]))
    const placements = this.#state.placements()
    const wantedSince = new Map([...histories].map(([id, wishes]) => [id, heldSince(wishes)]))
    const all = cameraReports({
      config,
      site: resolved,
      placements,
      wanted,
      wantedSince,
      views: supervisor.views(),
      totals: this.#footage.index.totals(),
      lost: lost ? this.#footage.lost(day, histories) : new Map(),
      storageTrouble: storage.trouble,
      viewers: this.#live.viewers(),
      now,
    })
    return { now, all, placements, wantedSince }
  }

  #watchAlarms(): void {
    const { now, all: cameras, placements, wantedSince } = this.#report({ lost: false })
    // Not the time of our start: the clock may have been set since.
    const started = now - (this.#options.clock.monotonic() - this.#startedMonotonic)
    // Nothing should be missing since then: the camera is wanted, it is ours, and we are there.
    const past = (at: number | undefined) => (at !== undefined && at <= now ? at : 0)
    const sinceOf = (id: string) => Math.max(started, past(wantedSince.get(id)), past(placements.get(id)?.since))
    const since = new Map(cameras.map(({ id }) => [id, sinceOf(id)]))
    const { headroom } = summarise(cameras, this.#free)
    this.#alarms?.look({ archive: this.#footage.archive(this.#held.config), cameras, since, headroom })
  }

  /** Settles what is wanted, and tells the workers. One after the other, so that the newest has the last word. */
  #apply(): Promise<void> {
    this.#lastApply = this.#lastApply
      .catch(() => {})
      .then(() => {
        this.#held.settle()
        this.#change.waitFor(this.#held.nextChange())
        return this.#options.supervisor.apply(this.#held.orders())
      })
    return this.#lastApply
  }

  /** Tells the workers what schedules have changed, and waits for the next change. Never rejects: housekeeping tries again. */
  async #follow(): Promise<void> {
    try {
      if (this.#held.settle()) await this.#apply()
      else this.#change.waitFor(this.#held.nextChange())
    } catch (error) {
      this.#options.log.error({ error: messageOf(error) }, 'schedules not followed')
    }
  }

  #keepHouse(): void {
    this.#house ??= this.#tidy().finally(() => {
      this.#house = undefined
    })
  }

  async #tidy(): Promise<void> {
    try {
      await this.#footage.keepHouse(this.#held)
      // The timer of the next change knows nothing of a clock that was set.
      await this.#follow()
      if (await this.#held.retry()) await this.#apply()
      this.#free = await this.#space.read(this.#held.config.storage.path)
      this.#watchAlarms()
    } catch (error) {
      this.#options.log.error({ error: messageOf(error) }, 'housekeeping failed')
    }
  }

  #notes(): string[] {
    const notes = [...this.#held.notes(), ...this.#footage.retention.warnings, ...this.#relay.notes()]
    if (this.#configTrouble !== null)
      notes.push(`the configuration file has faults and was not taken: ${this.#configTrouble}`)
    return notes
  }
}
