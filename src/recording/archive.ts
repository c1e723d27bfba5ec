import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { statePaths } from '../config/state-paths.ts'
import type { SiteConfig } from '../config/types.ts'
import { openDatabase } from '../database/open.ts'
import type { Clock } from '../kernel/clock.ts'
import { systemCode, VmsError } from '../kernel/errors.ts'
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

export interface ArchiveOptions {
  readonly config: SiteConfig
  /** Absolute. */
  readonly stateDir: string
  readonly clock: Clock
}

/** The archive of a site as commands see it: files, index and account, with and without a daemon. Close it. */
export class Archive {
  readonly config: SiteConfig
  readonly index: SegmentIndex
  readonly #clock: Clock
  readonly #databases: readonly DatabaseSync[]
  readonly #state: StateStore | undefined

  /** For {@link openArchive}. `state` is undefined where no daemon ever ran. */
  constructor(options: ArchiveOptions, index: DatabaseSync, state: DatabaseSync | undefined) {
    this.config = options.config
    this.#clock = options.clock
    this.#databases = state ? [index, state] : [index]
    this.index = new SegmentIndex(index)
    this.#state = state && new StateStore(state)
  }

  /** Absolute path of the storage. */
  get storage(): string {
    return this.config.storage.path
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
    const wishes = this.#state?.wishHistory(span.end).get(camera) ?? []
    const since = Math.min(
      this.#state?.placements().get(camera)?.since ?? Number.POSITIVE_INFINITY,
      whole?.start ?? Number.POSITIVE_INFINITY,
      recorded[0]?.start ?? Number.POSITIVE_INFINITY,
    )
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
        configured: Number.isFinite(since) ? [{ start: since, end: Number.POSITIVE_INFINITY }] : [],
        wishes,
        record: true,
      },
      span,
      this.#clock.wall(),
    )
  }

  close(): void {
    for (const database of this.#databases) database.close()
  }

  #openSegments(camera: string): Promise<Segment[]> {
    const { end = 0 } = this.index.whole(camera) ?? {}
    // Files of a day that the index has: what begins two days before its end lies in the directories that are looked at.
    const known = new Set(this.segments(camera, { start: end - 2 * 86_400_000, end: end + 1 }).map(({ path }) => path))
    return openSegments(this.storage, camera, known, this.config.site.timezone)
  }
}

/**
 * Opens the archive of a site, after what the workers' journals have told since. Rejects with VMS_E_NO_INDEX where there is no index
 * yet, with VMS_E_INDEX_DAMAGED and VMS_E_STATE_DIRECTORY when it cannot be used, with VMS_E_STORAGE_UNAVAILABLE when the storage is not there.
 */
export async function openArchive(options: ArchiveOptions): Promise<Archive> {
  const { config, stateDir } = options
  const paths = statePaths(stateDir)
  if (!existsSync(config.storage.path))
    throw new VmsError('VMS_E_STORAGE_UNAVAILABLE', `storage path ${config.storage.path}: there is no such directory`)
  if (!existsSync(paths.index))
    throw new VmsError('VMS_E_NO_INDEX', `there is no index of the archive in the state directory ${stateDir}`)
  const database = openIndex(paths.index)
  const state = existsSync(paths.database) ? openDatabase(paths.database, STATE_SCHEMA) : undefined
  const archive = new Archive(options, database, state)
  try {
    await new JournalReader(stateDir, archive.index, silentLogger).read()
  } catch (error) {
    // No worker ever ran here.
    if (systemCode(error) !== 'ENOENT') {
      archive.close()
      throw error
    }
  }
  return archive
}
