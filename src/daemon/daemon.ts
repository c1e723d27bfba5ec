import type { DatabaseSync } from 'node:sqlite'
import type { SiteConfig } from '../config/types.ts'
import type { Clock, Timer } from '../kernel/clock.ts'
import { messageOf } from '../kernel/errors.ts'
import type { Logger } from '../kernel/log.ts'
import { assignCameras, type WorkerSupervisor, workerCount } from '../supervision/index.ts'
import type { StatusQuery } from './client.ts'
import { composeOrders } from './compose-orders.ts'
import { configChanges } from './config-changes.ts'
import { FootageStore } from './database/footage-store.ts'
import { StateStore } from './database/state-store.ts'
import { JournalReader } from './journal-reader.ts'
import { type LogQuery, readLogs } from './log-files.ts'
import { type ResolvedSite, resolveSite, type SecretResolver } from './resolve-cameras.ts'
import { selectCameras } from './select-cameras.ts'
import type { DaemonService } from './service.ts'
import { cameraReports, LOST_WINDOW, summarise, workerReports } from './site-report.ts'
import { checkStorage, freeBytes, type StorageState } from './storage-watch.ts'
import type {
  CameraReport,
  HealthReport,
  LogLine,
  RecordRequest,
  RecordResult,
  ReloadResult,
  SiteStatus,
} from './types.ts'

/** A configuration as it was read: the site, and sentences on what could be better. */
export interface LoadedConfig {
  readonly config: SiteConfig
  readonly warnings: readonly string[]
}

export interface DaemonOptions {
  readonly stateDir: string
  readonly version: string
  readonly cores: number
  readonly clock: Clock
  readonly log: Logger
  readonly database: DatabaseSync
  readonly supervisor: WorkerSupervisor
  /** Reads the configuration anew. Rejects with VMS_E_CONFIG_INVALID and the like. */
  readonly load: () => Promise<LoadedConfig>
  readonly resolveSecret: SecretResolver
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
  readonly #footage: FootageStore
  readonly #journals: JournalReader
  readonly #startedAt: number
  #loaded!: LoadedConfig
  #site!: ResolvedSite
  #storage: StorageState = { id: undefined, trouble: 'it has not been looked at yet' }
  #free: number | null = null
  #slots = 0
  #configTrouble: string | null = null
  #lastApply: Promise<void> = Promise.resolve()
  #timer: Timer | undefined
  #house: Promise<void> | undefined

  constructor(options: DaemonOptions) {
    this.#options = options
    this.#state = new StateStore(options.database)
    this.#footage = new FootageStore(options.database)
    this.#journals = new JournalReader(options.stateDir, this.#footage, options.log)
    this.#startedAt = options.clock.wall()
  }

  /** Reads the configuration, adopts what runs and starts what should. Rejects when the configuration has faults. */
  async start(): Promise<void> {
    const { clock, supervisor } = this.#options
    const loaded = await this.#options.load()
    // Not fewer slots than have workers: moving a camera costs it a reconnect, and a restart of ours shall cost nothing.
    this.#slots = supervisor.runningSlots()
    await this.#take(loaded)
    supervisor.adopt()
    await this.#apply()
    this.#timer = clock.every(HOUSEKEEPING, () => this.#keepHouse())
    this.#keepHouse()
  }

  /** Ends our own work, and waits for what is under way; recorders are the supervisor's. */
  async end(): Promise<void> {
    this.#timer?.cancel()
    await this.#house
  }

  get site(): string {
    return this.#loaded.config.site.name
  }

  health(): HealthReport {
    const { supervisor, version } = this.#options
    return { ready: supervisor.settled, pid: process.pid, version, startedAt: this.#startedAt, plan: supervisor.plan() }
  }

  async status(query: StatusQuery): Promise<SiteStatus> {
    const { supervisor, clock, version, stateDir } = this.#options
    const { config } = this.#loaded
    const asked = query.cameras && new Set(selectCameras(config.cameras, { cameras: query.cameras }))
    // A gap that ended a moment ago is in the journal, no longer in the camera's state: read both, or it is in neither.
    await Promise.all([
      supervisor.refresh(STATUS_AGE, STATUS_PATIENCE),
      this.#journals.read().catch(error => this.#options.log.error({ error: messageOf(error) }, 'journals not read')),
    ])
    const now = clock.wall()
    const views = supervisor.views()
    const all = cameraReports({
      config,
      site: this.#site,
      placements: this.#state.placements(),
      wishes: this.#state.wishes(),
      views,
      totals: this.#footage.totals(),
      lost: this.#footage.lost(now - LOST_WINDOW, now),
      storageTrouble: this.#storage.trouble,
      now,
    })
    const cameras = asked ? all.filter(camera => asked.has(camera.id)) : forAttention(all, query.attention)
    return {
      site: config.site.name,
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

  async record(record: boolean, request: RecordRequest): Promise<RecordResult> {
    const { cameras: configured } = this.#loaded.config
    const cameras = selectCameras(configured, request)
    const wanted = this.#wanted()
    const changed = cameras.filter(id => wanted(id) !== record)
    const by = request.by?.trim() || 'somebody'
    if (changed.length > 0) {
      this.#state.wish(changed, { record, by, at: Math.round(this.#options.clock.wall()) })
      this.#options.log.info(
        { by, cameras: changed.length === 1 ? changed[0] : changed.length },
        record ? 'recording started by request' : 'recording stopped by request',
      )
      await this.#apply()
    }
    return { record, cameras, changed }
  }

  async reload(): Promise<ReloadResult> {
    const before = this.#loaded.config
    let loaded: LoadedConfig
    try {
      loaded = await this.#options.load()
    } catch (error) {
      this.#configTrouble = messageOf(error)
      this.#options.log.error({ error: messageOf(error) }, 'configuration not taken: the old one stays')
      throw error
    }
    await this.#take(loaded)
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

  /** Makes `loaded` the configuration that holds. */
  async #take(loaded: LoadedConfig): Promise<void> {
    const { clock, cores, log } = this.#options
    const { config } = loaded
    const site = await resolveSite(config, this.#options.resolveSecret, this.#site)
    const storage = await checkStorage(config.storage.path, this.#state, clock.wall())
    for (const warning of loaded.warnings) log.warn({ warning }, 'configuration')
    for (const note of site.notes) log.error({ reason: note }, 'a password cannot be read')
    this.#loaded = loaded
    this.#site = site
    this.#configTrouble = null
    this.#setStorage(storage)
    this.#slots = workerCount(config.limits.workers, config.cameras.length, cores, this.#slots)
    const previous = new Map([...this.#state.placements()].map(([id, { slot }]) => [id, slot]))
    const ids = config.cameras.map(camera => camera.id)
    this.#state.place(assignCameras(previous, ids, this.#slots), Math.round(clock.wall()))
  }

  /** Tells the workers what they should do now. One after the other, so that the newest has the last word. */
  #apply(): Promise<void> {
    this.#lastApply = this.#lastApply
      .catch(() => {})
      .then(() => {
        const { config } = this.#loaded
        const placement = new Map([...this.#state.placements()].map(([id, { slot }]) => [id, slot]))
        const { stateDir, supervisor } = this.#options
        const { id: storageId } = this.#storage
        return supervisor.apply(
          composeOrders({
            config,
            site: this.#site,
            placement,
            slots: this.#slots,
            wanted: this.#wanted(),
            storageId,
            stateDir,
          }),
        )
      })
    return this.#lastApply
  }

  /** Whether a camera should be recorded: by wish, else by configuration. */
  #wanted(): (camera: string) => boolean {
    const wishes = this.#state.wishes()
    const configured = new Map(this.#loaded.config.cameras.map(camera => [camera.id, camera.record]))
    return id => wishes.get(id)?.record ?? configured.get(id) ?? false
  }

  #keepHouse(): void {
    this.#house ??= this.#tidy().finally(() => {
      this.#house = undefined
    })
  }

  async #tidy(): Promise<void> {
    try {
      await this.#journals.read()
      const { path } = this.#loaded.config.storage
      const before = this.#storage.id
      if (this.#storage.trouble !== null) {
        this.#setStorage(await checkStorage(path, this.#state, this.#options.clock.wall()))
        if (this.#storage.id !== before) await this.#apply()
      }
      if (this.#site.notes.length > 0) await this.#retrySecrets()
      this.#free = await freeBytes(path)
    } catch (error) {
      this.#options.log.error({ error: messageOf(error) }, 'housekeeping failed')
    }
  }

  /** A password that could not be read may be there now: the credential was late, the file was being replaced. */
  async #retrySecrets(): Promise<void> {
    const { config } = this.#loaded
    const before = this.#site
    const site = await resolveSite(config, this.#options.resolveSecret, before)
    // A reload came between.
    if (this.#loaded.config !== config || this.#site !== before) return
    if (site.notes.join() === before.notes.join()) return
    this.#site = site
    await this.#apply()
  }

  #setStorage(storage: StorageState): void {
    if (storage.trouble !== this.#storage.trouble) {
      if (storage.trouble !== null) this.#options.log.error({ reason: storage.trouble }, 'storage cannot be used')
      else this.#options.log.info({ id: storage.id }, 'storage can be used')
    }
    this.#storage = storage
  }

  #notes(): string[] {
    const notes = [...this.#site.notes]
    if (this.#storage.trouble !== null) notes.push(this.#storage.trouble)
    if (this.#configTrouble !== null)
      notes.push(`the configuration file has faults and was not taken: ${this.#configTrouble}`)
    return notes
  }
}

/** Cameras that need attention, and `others` more; all when no number is given. */
function forAttention(all: readonly CameraReport[], others: number | undefined): readonly CameraReport[] {
  if (others === undefined) return all
  let room = others
  return all.filter(camera => camera.health === 'bad' || camera.health === 'starting' || room-- > 0)
}
