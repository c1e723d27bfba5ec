import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { statePaths } from '../config/state-paths.ts'
import type { SiteConfig } from '../config/types.ts'
import { openDatabase } from '../database/open.ts'
import type { Clock } from '../kernel/clock.ts'
import { VmsError } from '../kernel/errors.ts'
import { silentLogger } from '../kernel/log.ts'
import type { StreamRole } from '../media/frame.ts'
import { STATE_SCHEMA } from '../state/state-schema.ts'
import { StateStore } from '../state/state-store.ts'
import { cameraAccount } from './coverage/index.ts'
import { JournalReader } from './journal/journal-reader.ts'
import { openSegments } from './open-segments.ts'
import { openIndex } from './segment-index/open-index.ts'
import { CLOCK_SET, SegmentIndex } from './segment-index/segment-index.ts'
import type { CoveragePiece, Interval, Segment } from './types.ts'

/** What an archive is made of. */
interface ArchiveParts {
  readonly config: SiteConfig
  readonly clock: Clock
  readonly index: SegmentIndex
  /** Who wanted what; undefined where no daemon ever ran. */
  readonly state: StateStore | undefined
}

/** The archive of a site: files, index and account. The daemon has one of its own; commands open one with {@link openArchive}. */
export class Archive {
  readonly config: SiteConfig
  readonly index: SegmentIndex
  readonly #clock: Clock
  readonly #state: StateStore | undefined
  readonly #databases: readonly DatabaseSync[]

  /** `databases` are closed with it. */
  constructor({ config, clock, index, state }: ArchiveParts, databases: readonly DatabaseSync[] = []) {
    this.config = config
    this.index = index
    this.#clock = clock
    this.#state = state
    this.#databases = databases
  }

  /** Absolute path of the storage. */
  get storage(): string {
    return this.config.storage.path
  }

  /** Id that the marker of the storage has, as the daemon saw it first; undefined where no daemon ever used this storage. */
  storageId(): string | undefined {
    return this.#state?.setting(`storage-id:${this.storage}`)
  }

  /** Absolute path of a file of the archive. */
  absolute(path: string): string {
    return join(this.storage, path)
  }

  /** Cameras of the configuration in its order, then those that only the archive knows. */
  cameras(): string[] {
    const configured = this.config.cameras.map(({ id }) => id)
    return [...new Set([...configured, ...this.index.cameras()])]
  }

  /** Closed segments of a camera that overlap a span, in order of start. */
  segments(camera: string, span: Interval, stream: StreamRole = 'main'): Segment[] {
    return this.index.segments(camera, span, stream)
  }

  /** The same of its main stream, with the one that is being written: see `openSegments`. */
  async allSegments(camera: string, span: Interval): Promise<Segment[]> {
    const closed = this.segments(camera, span)
    const { end = 0 } = this.index.whole(camera) ?? {}
    if (span.end <= end) return closed
    const open = await this.#openSegments(camera)
    return [...closed, ...open.filter(segment => segment.start < span.end && segment.end > span.start)]
  }

  /**
   * What became of each moment of a span of a camera's main stream, up to now; what is being written counts as recorded.
   * Pieces follow each other without hole or overlap.
   */
  async coverage(camera: string, span: Interval): Promise<CoveragePiece[]> {
    const { index } = this
    const whole = index.whole(camera)
    const recorded = index.recorded(camera, span)
    if (span.end > (whole?.end ?? 0)) recorded.push(...(await this.#openSegments(camera)))
    const gaps = index.gaps(camera, span)
    const wishes = this.#state?.wishHistoryOf(camera, span.end, span.start) ?? []
    const since = Math.min(...[wishes[0]?.at, whole?.start, recorded[0]?.start, gaps[0]?.start].map(orNever))
    // Of one that is gone, and of which no history says when, the last recording is the last that anybody wanted.
    const gone = wishes.length === 0 && !this.config.cameras.some(({ id }) => id === camera)
    const until = gone ? (whole?.end ?? since) : Number.POSITIVE_INFINITY
    return cameraAccount(
      {
        recorded,
        skipped: gaps.filter(({ reason }) => reason === CLOCK_SET),
        notes: gaps.filter(({ reason }) => reason !== CLOCK_SET),
        removed: index.removed(camera, span).map(({ start, end, reason }) => ({
          start,
          end,
          state: reason === 'expired' ? ('expired' as const) : ('deleted' as const),
          detail: reason === 'expired' ? null : reason,
        })),
        configured: Number.isFinite(since) ? [{ start: since, end: until }] : [],
        wishes,
      },
      span,
      this.#clock.wall(),
    )
  }

  close(): void {
    for (const database of this.#databases) database.close()
  }

  #openSegments(camera: string): Promise<Segment[]> {
    const { storage, index } = this
    const { timezone } = this.config.site
    return openSegments({ storage, camera, timezone, index, now: this.#clock.wall() })
  }
}

function orNever(at: number | undefined): number {
  return at ?? Number.POSITIVE_INFINITY
}

/**
 * Opens the archive of a site, after what the workers' journals have told since. Rejects with VMS_E_NO_INDEX where there is no index
 * yet, with VMS_E_INDEX_DAMAGED and VMS_E_STATE_DIRECTORY when it cannot be used, with VMS_E_STORAGE_UNAVAILABLE when the storage is not there.
 */
export async function openArchive(options: {
  readonly config: SiteConfig
  /** Absolute. */
  readonly stateDir: string
  readonly clock: Clock
}): Promise<Archive> {
  const { config, stateDir, clock } = options
  const paths = statePaths(stateDir)
  if (!existsSync(config.storage.path))
    throw new VmsError('VMS_E_STORAGE_UNAVAILABLE', `storage path ${config.storage.path}: there is no such directory`)
  if (!existsSync(paths.index))
    throw new VmsError('VMS_E_NO_INDEX', `there is no index of the archive in the state directory ${stateDir}`)
  const databases = [openIndex(paths.index)]
  const index = new SegmentIndex(databases[0]!)
  let state: StateStore | undefined
  if (existsSync(paths.database)) {
    databases.push(openDatabase(paths.database, STATE_SCHEMA))
    state = new StateStore(databases[1]!)
  }
  const archive = new Archive({ config, clock, index, state }, databases)
  try {
    await new JournalReader(stateDir, archive.index, silentLogger).read(config.storage.path)
  } catch (error) {
    archive.close()
    throw error
  }
  return archive
}
