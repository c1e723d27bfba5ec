import type { DatabaseSync } from 'node:sqlite'
import type { Timer } from '../kernel/clock.ts'
import { messageOf } from '../kernel/errors.ts'
import { Archive, type Interval, JournalReader, rebuildIndex, SegmentIndex } from '../recording/index.ts'
import { StateStore, type Wish } from '../state/state-store.ts'
import type { WorkerSupervisor } from '../supervision/index.ts'
import { ArchiveService } from './archive-service.ts'
import type { StatusQuery } from './client.ts'
import { briefFault, configChanges } from './config-changes.ts'
import { HeldSite, type HeldSiteOptions, type LoadedConfig } from './held-site.ts'
import { type LogQuery, readLogs } from './log-files.ts'
import { lostSeconds } from './lost-seconds.ts'
import { selectCameras } from './select-cameras.ts'
import type { DaemonService } from './service.ts'
import { cameraReports, forAttention, LOST_WINDOW, summarise, workerReports } from './site-report.ts'
import { freeBytes } from './storage-watch.ts'
import type { HealthReport, LogLine, RecordRequest, RecordResult, ReloadResult, SiteStatus } from './types.ts'
import { ChangeTimer } from './wanted/change-timer.ts'
import { takeRequest } from './wanted/take-request.ts'
import { heldSince } from './wanted/wishes.ts'

export interface DaemonOptions extends HeldSiteOptions {
  readonly version: string
  readonly database: DatabaseSync
  /** The index of the archive, opened. */
  readonly index: DatabaseSync
  /** It was made just now: what the files say is to be read in. */
  readonly indexIsNew: boolean
  readonly supervisor: WorkerSupervisor
  /** Reads the configuration anew. Rejects with VMS_E_CONFIG_INVALID and the like. */
  readonly load: () => Promise<LoadedConfig>
  /** Ends the daemon. */
  readonly end: (recorders: boolean) => void
}

/** Period of housekeeping: journals, storage, free space; milliseconds. */
const HOUSEKEEPING = 5_000
/** Bytes of a journal from which it is worth a checkpoint of the index to let its worker begin a new one. */
const WORTH_ACKNOWLEDGING = 1024 * 1024
/** How old worker statuses may be in an answer, and how long an answer waits for slow workers, milliseconds. */
const STATUS_AGE = 500
const STATUS_PATIENCE = 2_000

/** The daemon's mind: it holds what is wanted, tells the supervisor, and reports. Sockets and signals are not its business. */
export class Daemon implements DaemonService {
  readonly #options: DaemonOptions
  readonly #state: StateStore
  readonly #index: SegmentIndex
  readonly #journals: JournalReader
  readonly archive: ArchiveService
  readonly #startedAt: number
  readonly #change: ChangeTimer
  #held!: HeldSite
  #free: number | null = null
  #configTrouble: string | null = null
  #lastApply: Promise<void> = Promise.resolve()
  #lastReload: Promise<unknown> = Promise.resolve()
  #timer: Timer | undefined
  readonly #ending = new AbortController()
  /** Up to where each slot's worker knows that its journal has been read. */
  readonly #acknowledged = new Map<number, number>()
  #rebuilding: Promise<void> | undefined
  #house: Promise<void> | undefined

  constructor(options: DaemonOptions) {
    this.#options = options
    this.#state = new StateStore(options.database)
    this.#index = new SegmentIndex(options.index)
    this.#journals = new JournalReader(options.stateDir, this.#index, options.log)
    const { clock } = options
    const archive = () => new Archive({ config: this.#held.config, clock, index: this.#index, state: this.#state })
    this.archive = new ArchiveService(archive, clock)
    this.#startedAt = clock.wall()
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
    this.#timer = clock.every(HOUSEKEEPING, () => this.#keepHouse())
    this.#keepHouse()
    if (this.#options.indexIsNew) this.#rebuilding = this.#rebuild()
  }

  /** Ends our own work, and waits for what is under way; recorders are the supervisor's. */
  async end(): Promise<void> {
    this.#timer?.cancel()
    this.#change.end()
    this.#ending.abort()
    await Promise.all([this.#house, this.#rebuilding])
  }

  get site(): string {
    return this.#held.config.site.name
  }

  health(): HealthReport {
    const { supervisor, version } = this.#options
    return { ready: supervisor.settled, pid: process.pid, version, startedAt: this.#startedAt, plan: supervisor.plan() }
  }

  async status(query: StatusQuery): Promise<SiteStatus> {
    const { supervisor, clock, version, stateDir } = this.#options
    const { config, resolved, storage } = this.#held
    const asked = query.cameras && new Set(selectCameras(config.cameras, { cameras: query.cameras }))
    // A gap that ended a moment ago is in the journal, no longer in the camera's state: read both, or it is in neither.
    await Promise.all([
      supervisor.refresh(STATUS_AGE, STATUS_PATIENCE),
      this.#journals.read().catch(error => this.#options.log.error({ error: messageOf(error) }, 'journals not read')),
    ])
    const now = clock.wall()
    const day = { start: now - LOST_WINDOW, end: now }
    const histories = new Map(config.cameras.map(({ id }) => [id, this.#state.wishHistoryOf(id, day.end, day.start)]))
    const views = supervisor.views()
    const all = cameraReports({
      config,
      site: resolved,
      placements: this.#state.placements(),
      wanted: this.#held.wanted,
      wantedSince: new Map([...histories].map(([id, wishes]) => [id, heldSince(wishes)])),
      views,
      totals: this.#index.totals(),
      lost: this.#lost(day, histories),
      storageTrouble: storage.trouble,
      now,
    })
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
      summary: summarise(asked ? cameras : all, this.#free),
      workers: workerReports(views),
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
    await this.#apply()
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

  #lost(span: Interval, histories: ReadonlyMap<string, readonly Wish[]>): Map<string, Record<string, number>> {
    return new Map(
      this.#held.config.cameras.map(({ id }) => {
        const footage = {
          recorded: this.#index.recorded(id, span),
          whole: this.#index.whole(id),
          gaps: this.#index.gaps(id, span),
          wishes: histories.get(id) ?? [],
        }
        return [id, lostSeconds(span, footage)]
      }),
    )
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
      await this.#journals.read()
      this.#acknowledge()
      // The timer of the next change knows nothing of a clock that was set.
      await this.#follow()
      if (await this.#held.retry()) await this.#apply()
      this.#free = await freeBytes(this.#held.config.storage.path)
    } catch (error) {
      this.#options.log.error({ error: messageOf(error) }, 'housekeeping failed')
    }
  }

  /** Tells workers whose journals have grown that they may begin them anew. */
  #acknowledge(): void {
    const grown = [...this.#journals.positions].filter(
      ([slot, position]) => position - (this.#acknowledged.get(slot) ?? 0) >= WORTH_ACKNOWLEDGING,
    )
    if (grown.length === 0) return
    this.#index.checkpoint()
    for (const [slot, position] of grown) {
      if (this.#options.supervisor.acknowledge(slot, position)) this.#acknowledged.set(slot, position)
    }
  }

  /** Reads into a new index what the files say; the workers' journals know the rest. */
  async #rebuild(): Promise<void> {
    const { log } = this.#options
    const { storage, site } = this.#held.config
    try {
      const { signal } = this.#ending
      const { files, added } = await rebuildIndex({
        storage: storage.path,
        index: this.#index,
        timezone: site.timezone,
        signal,
      })
      if (files > 0) log.info({ files, added }, 'index of the archive made from its files')
    } catch (error) {
      if (!this.#ending.signal.aborted) log.error({ error: messageOf(error) }, 'index of the archive not complete')
    }
  }

  #notes(): string[] {
    if (this.#configTrouble === null) return this.#held.notes()
    return [...this.#held.notes(), `the configuration file has faults and was not taken: ${this.#configTrouble}`]
  }
}
