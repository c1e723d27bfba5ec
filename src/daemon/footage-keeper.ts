import type { DatabaseSync } from 'node:sqlite'
import type { SiteConfig } from '../config/types.ts'
import { type Clock, sleep } from '../kernel/clock.ts'
import { messageOf } from '../kernel/errors.ts'
import type { Logger } from '../kernel/log.ts'
import { Archive, type Interval, JournalReader, pruneLedger, rebuildIndex, SegmentIndex } from '../recording/index.ts'
import { isClockDoubtful, nodeRetentionFs, RetentionKeeper, type RetentionState } from '../recording/retention/index.ts'
import type { StateStore, Wish } from '../state/state-store.ts'
import type { SlotView, WorkerSupervisor } from '../supervision/index.ts'
import type { HeldSite } from './held-site.ts'
import { lostSeconds } from './lost-seconds.ts'

export interface FootageKeeperOptions {
  readonly stateDir: string
  /** The index of the archive, opened. */
  readonly index: DatabaseSync
  readonly state: StateStore
  readonly supervisor: WorkerSupervisor
  readonly clock: Clock
  readonly log: Logger
}

/** Bytes of a journal from which it is worth a checkpoint of the index to let its worker begin a new one. */
const WORTH_ACKNOWLEDGING = 1024 * 1024

/** Milliseconds between two times at which what is known of long ago is forgotten. */
const PRUNE = 86_400_000
/** Milliseconds between two steps of that. */
const BREATH = 50

/** What the daemon does for the archive: takes the workers' journals in, keeps the index, and lets go what has to go. */
export class FootageKeeper {
  readonly index: SegmentIndex
  readonly #options: FootageKeeperOptions
  readonly #journals: JournalReader
  readonly #retention: RetentionKeeper
  /** Up to where each slot's worker knows that its journal has been read. */
  readonly #acknowledged = new Map<number, number>()
  readonly #ending = new AbortController()
  readonly #startedAt: number
  #rebuilding: Promise<void> | undefined
  #pruning: Promise<void> | undefined
  #prunedAt = Number.NEGATIVE_INFINITY

  constructor(options: FootageKeeperOptions) {
    const { stateDir, clock, log } = options
    this.#options = options
    this.#startedAt = clock.monotonic()
    this.index = new SegmentIndex(options.index)
    this.#journals = new JournalReader(stateDir, this.index, log)
    this.#retention = new RetentionKeeper({ index: this.index, clock, log, fs: nodeRetentionFs })
  }

  /** The archive by the configuration that holds now. */
  archive(config: SiteConfig): Archive {
    return new Archive({ config, clock: this.#options.clock, index: this.index, state: this.#options.state })
  }

  get retention(): RetentionState {
    return this.#retention.state()
  }

  /** Takes in what the workers have told since. Rejects when a journal cannot be read. */
  read({ storage }: Pick<SiteConfig, 'storage'>): Promise<void> {
    return this.#journals.read(storage.path)
  }

  /** One turn of what is always to be done. Rejects when a journal cannot be read. */
  async keepHouse({ config, storage }: Pick<HeldSite, 'config' | 'storage'>): Promise<void> {
    await this.read(config)
    this.#acknowledge()
    if (storage.trouble !== null || storage.id === undefined) return
    // Of an archive that is known in part only, the wrong footage would go.
    if (!this.index.isComplete(storage.id)) return this.#rebuild(config)
    this.#prune()
    const rates = ratesOf(this.#options.supervisor.views())
    // Not waited for: a slow disk must not keep the rest of the housekeeping.
    void this.#retention.run({ config, storageId: storage.id, rates })
  }

  /** Reads into a new index what the files say, in the background; the journals know the rest. Tried until it has succeeded. */
  #rebuild(config: SiteConfig): void {
    if (this.#ending.signal.aborted) return
    this.#rebuilding ??= this.#readFiles(config).finally(() => {
      this.#rebuilding = undefined
    })
  }

  async #readFiles({ storage, site }: SiteConfig): Promise<void> {
    const { log, clock } = this.#options
    const { signal } = this.#ending
    try {
      const now = clock.wall()
      const { files, added } = await rebuildIndex({
        storage: storage.path,
        index: this.index,
        timezone: site.timezone,
        now,
        signal,
      })
      if (files > 0) log.info({ files, added }, 'index of the archive made from its files')
    } catch (error) {
      if (!signal.aborted) log.error({ error: messageOf(error) }, 'index of the archive not complete')
    }
  }

  /** Forgets once a day, in the background, what is known of the time before all that is kept. */
  #prune(): void {
    const { state, clock, log } = this.#options
    const { index } = this
    const { signal } = this.#ending
    const now = clock.monotonic()
    if (signal.aborted || now - this.#prunedAt < PRUNE) return
    this.#prunedAt = now
    if (isClockDoubtful(index, clock.wall(), now - this.#startedAt)) return
    const breathe = () => sleep(clock, BREATH, signal).then(() => signal.throwIfAborted())
    this.#pruning = pruneLedger({ index, state }, clock.wall(), breathe).then(
      () => {},
      error => {
        if (!signal.aborted) log.error({ error: messageOf(error) }, 'what is known of long ago is not forgotten')
      },
    )
  }

  /** Waits for what is under way. */
  async end(): Promise<void> {
    this.#ending.abort()
    await Promise.all([this.#rebuilding, this.#pruning, this.#retention.end()])
  }

  /** Seconds lost of each camera in a span, by reason; given what was wanted of each. */
  lost(span: Interval, histories: ReadonlyMap<string, readonly Wish[]>): Map<string, Record<string, number>> {
    const { index } = this
    const of = ([camera, wishes]: readonly [string, readonly Wish[]]) => {
      const recorded = index.recorded(camera, span)
      const whole = index.whole(camera)
      return [camera, lostSeconds(span, { recorded, whole, gaps: index.gaps(camera, span), wishes })] as const
    }
    return new Map([...histories].map(of))
  }

  /** Tells workers whose journals have grown that they may begin them anew. */
  #acknowledge(): void {
    const grown = [...this.#journals.positions].filter(
      ([slot, position]) => position - (this.#acknowledged.get(slot) ?? 0) >= WORTH_ACKNOWLEDGING,
    )
    if (grown.length === 0) return
    this.index.checkpoint()
    for (const [slot, position] of grown) {
      if (this.#options.supervisor.acknowledge(slot, position)) this.#acknowledged.set(slot, position)
    }
  }
}

/** Bytes a second that are being recorded of each camera, as its worker measures them. */
function ratesOf(views: readonly SlotView[]): Map<string, number | null> {
  const rates = new Map<string, number | null>()
  for (const { status } of views) {
    for (const { id, main, recording } of status?.cameras ?? [])
      if (recording.wanted) rates.set(id, main.bitrate === null ? null : main.bitrate / 8)
  }
  return rates
}
