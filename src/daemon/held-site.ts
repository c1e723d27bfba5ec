import type { SiteConfig } from '../config/types.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/log.ts'
import type { StateStore } from '../state/state-store.ts'
import { assignCameras, type WorkerOrder, workerCount } from '../supervision/index.ts'
import { composeOrders } from './compose-orders.ts'
import { type ResolvedSite, resolveSite, type SecretResolver } from './resolve-cameras.ts'
import { checkStorage, type StorageState } from './storage-watch.ts'
import { SiteSchedules } from './wanted/site-schedules.ts'
import { type Wanted, wantedAt } from './wanted/wanted.ts'
import { WantedHistory } from './wanted/wanted-history.ts'

/** A configuration as it was read: the site, and sentences on what could be better. */
export interface LoadedConfig {
  readonly config: SiteConfig
  readonly warnings: readonly string[]
}

export interface HeldSiteOptions {
  readonly stateDir: string
  readonly cores: number
  readonly clock: Clock
  readonly log: Logger
  readonly resolveSecret: SecretResolver
}

/**
 * The site as the daemon holds it to be wanted: the configuration that was taken last, its passwords, its storage, and where
 * each camera belongs. What it makes of that is the orders of the workers.
 */
export class HeldSite {
  readonly #options: HeldSiteOptions
  readonly #state: StateStore
  readonly #history: WantedHistory
  #schedules!: SiteSchedules
  #wanted: ReadonlyMap<string, Wanted> = new Map()
  /** What was wanted when the workers were told last. */
  #told: ReadonlyMap<string, Wanted> = new Map()
  #config!: SiteConfig
  #resolved!: ResolvedSite
  #storage: StorageState = { id: undefined, trouble: 'it has not been looked at yet' }
  #slots: number

  /** Never fewer than `slots` workers: moving a camera costs it a reconnect. */
  constructor(options: HeldSiteOptions, state: StateStore, slots: number) {
    this.#options = options
    this.#state = state
    this.#history = new WantedHistory(state)
    this.#slots = slots
  }

  get config(): SiteConfig {
    return this.#config
  }

  get resolved(): ResolvedSite {
    return this.#resolved
  }

  get storage(): StorageState {
    return this.#storage
  }

  /** Makes `loaded` the configuration that holds. */
  async take({ config, warnings }: LoadedConfig): Promise<void> {
    const { clock, cores, log, resolveSecret } = this.#options
    const resolved = await resolveSite(config, resolveSecret, this.#resolved)
    const storage = await checkStorage(config.storage.path, this.#state, clock.wall())
    for (const warning of warnings) log.warn({ warning }, 'configuration')
    for (const note of resolved.notes) log.error({ reason: note }, 'a password cannot be read')
    const now = Math.round(clock.wall())
    if (this.#config !== undefined) this.#history.schedulesChanged(now)
    this.#config = config
    this.#resolved = resolved
    this.#schedules = new SiteSchedules(config)
    this.#setStorage(storage)
    this.#slots = workerCount(config.limits.workers, config.cameras.length, cores, this.#slots)
    const ids = config.cameras.map(camera => camera.id)
    this.#state.place(assignCameras(this.#placement(), ids, this.#slots), now)
    this.#history.leave(now, new Set(ids))
  }

  /** What is wanted of each camera, and by whom, as it was settled last. */
  get wanted(): ReadonlyMap<string, Wanted> {
    return this.#wanted
  }

  /** Whether the configuration leaves it to a schedule when the camera is recorded. */
  isScheduled(camera: string): boolean {
    return this.#schedules.of(camera) !== undefined
  }

  /** Settles what is wanted now, and enters it in the histories. Whether the workers have to be told. */
  settle(): boolean {
    const now = Math.round(this.#options.clock.wall())
    this.#wanted = wantedAt(now, this.#config.cameras, this.#state.wishes(), this.#schedules)
    this.#history.note(now, this.#wanted, this.#schedules)
    return [...this.#wanted].some(([id, { record }]) => record !== this.#told.get(id)?.record)
  }

  /** When a schedule changes what is wanted next, wall-clock milliseconds; undefined when none does. */
  nextChange(): number | undefined {
    return this.#schedules.nextChange(this.#options.clock.wall())
  }

  /** What each worker should do, as it was settled last. */
  orders(): Map<number, WorkerOrder> {
    this.#told = this.#wanted
    return composeOrders({
      config: this.#config,
      site: this.#resolved,
      placement: this.#placement(),
      slots: this.#slots,
      wanted: id => this.#wanted.get(id)?.record ?? false,
      storageId: this.#storage.id,
      stateDir: this.#options.stateDir,
    })
  }

  /** Looks again at a storage that could not be used, and at passwords that could not be read. Whether orders changed. */
  async retry(): Promise<boolean> {
    const storage = this.#storage.trouble !== null && (await this.#retryStorage())
    const passwords = this.#resolved.notes.length > 0 && (await this.#retryPasswords())
    return storage || passwords
  }

  /** What keeps the site from being recorded as it should be, for people. */
  notes(): string[] {
    const { trouble } = this.#storage
    return trouble === null ? [...this.#resolved.notes] : [...this.#resolved.notes, trouble]
  }

  async #retryStorage(): Promise<boolean> {
    const { id } = this.#storage
    this.#setStorage(await checkStorage(this.#config.storage.path, this.#state, this.#options.clock.wall()))
    return this.#storage.id !== id
  }

  /** A credential was late, or the file was being replaced. */
  async #retryPasswords(): Promise<boolean> {
    const [config, before] = [this.#config, this.#resolved]
    const resolved = await resolveSite(config, this.#options.resolveSecret, before)
    // A reload came between.
    if (this.#config !== config || this.#resolved !== before) return false
    if (resolved.notes.join() === before.notes.join()) return false
    this.#resolved = resolved
    return true
  }

  #placement(): Map<string, number> {
    return new Map([...this.#state.placements()].map(([id, { slot }]) => [id, slot]))
  }

  #setStorage(storage: StorageState): void {
    const { log } = this.#options
    if (storage.trouble !== this.#storage.trouble) {
      if (storage.trouble !== null) log.error({ reason: storage.trouble }, 'storage cannot be used')
      else log.info({ id: storage.id }, 'storage can be used')
    }
    this.#storage = storage
  }
}
