import type { SiteConfig } from '../config/types.ts'
import type { Clock } from '../kernel/clock.ts'
import { messageOf } from '../kernel/errors.ts'
import type { Logger } from '../kernel/log.ts'
import { Alarms, type CameraObservation } from '../recording/alarms/index.ts'
import { gapReason, summarize } from '../recording/coverage/index.ts'
import type { Archive } from '../recording/index.ts'
import type { CameraReport } from './types.ts'

export interface AlarmWatchOptions {
  /** File of alarms and of messages that wait. */
  readonly path: string
  readonly config: SiteConfig
  readonly clock: Clock
  readonly random: () => number
  readonly env: NodeJS.ProcessEnv
  readonly log: Logger
}

/** What is looked at. */
export interface AlarmLook {
  readonly archive: Archive
  readonly cameras: readonly CameraReport[]
  /** Since when each is wanted, and somebody could record it; wall-clock milliseconds. */
  readonly since: ReadonlyMap<string, number>
  readonly headroom: number | null
}

/** Span of the coverage that is watched, how often it is read anew, and how old it may be; milliseconds. */
const WINDOW = 3_600_000
const COVERAGE_AGE = 60_000
const COVERAGE_STALE = 300_000

/** Watches that what should be recorded is, and tells those who want to know. */
export class AlarmWatch {
  readonly #options: AlarmWatchOptions
  readonly #alarms: Alarms
  #coverage: { readonly at: number; readonly of: ReadonlyMap<string, number | null> } | undefined
  #reading: Promise<void> | undefined
  #closed = false

  /** Throws VMS_E_STATE_DIRECTORY when the file cannot be used. */
  constructor(options: AlarmWatchOptions) {
    this.#options = options
    const { config, ...rest } = options
    this.#alarms = new Alarms({ ...rest, site: config.site, settings: config.alarms })
  }

  /** Takes a changed configuration over. */
  configure({ site, alarms }: SiteConfig): Promise<void> {
    return this.#alarms.configure(site, alarms)
  }

  /** One look. Waits for no disk and does not throw: a disk that hangs is what has to be told. */
  look({ archive, cameras, since, headroom }: AlarmLook): void {
    const { clock, log } = this.#options
    try {
      this.#renewCoverage(archive, cameras)
      const coverage = this.#freshCoverage()
      const now = clock.wall()
      const hosts = new Map(archive.config.cameras.map(({ id, main }) => [id, hostOf(main.url)]))
      const observed = cameras.map((camera): CameraObservation => {
        const { id, wish, reason, recording } = camera
        return {
          camera: id,
          wanted: wish.record,
          since: since.get(id) ?? now,
          lastRecorded: recording?.lastWritten ?? archive.index.whole(id)?.end ?? null,
          coverage: coverage?.get(id) ?? null,
          reason: reason === null ? null : gapReason(camera.main?.reason ?? reason),
          detail: reason,
          host: hosts.get(id) ?? null,
        }
      })
      this.#alarms.observe({ cameras: observed, headroom }, now)
    } catch (error) {
      log.error({ error: messageOf(error) }, 'alarms not looked after')
    }
  }

  close(): Promise<void> {
    this.#closed = true
    return this.#alarms.close()
  }

  #freshCoverage(): ReadonlyMap<string, number | null> | undefined {
    if (!this.#coverage || this.#options.clock.monotonic() - this.#coverage.at > COVERAGE_STALE) return undefined
    return this.#coverage.of
  }

  /** Begins to read it anew where that is due; the next look has it. */
  #renewCoverage(archive: Archive, cameras: readonly CameraReport[]): void {
    const { clock, log } = this.#options
    const age = clock.monotonic() - (this.#coverage?.at ?? Number.NEGATIVE_INFINITY)
    if (archive.config.alarms.coverage <= 0 || this.#reading || age < COVERAGE_AGE) return
    const at = clock.monotonic()
    this.#reading = readCoverage(archive, cameras, clock.wall())
      .then(
        of => {
          this.#coverage = { at, of }
        },
        error => {
          if (!this.#closed) log.error({ error: messageOf(error) }, 'coverage of the last hour cannot be read')
        },
      )
      .finally(() => {
        this.#reading = undefined
      })
  }
}

async function readCoverage(
  archive: Archive,
  cameras: readonly CameraReport[],
  end: number,
): Promise<Map<string, number | null>> {
  const read = new Map<string, number | null>()
  for (const { id, wish } of cameras) {
    if (!wish.record) continue
    const { recorded, wanted } = summarize(await archive.coverage(id, { start: end - WINDOW, end }))
    // Of a whole hour: two seconds of a camera that is wanted for a minute are not three percent.
    read.set(id, wanted === 0 ? null : 100 - ((wanted - recorded) * 100) / WINDOW)
  }
  return read
}

function hostOf(url: string): string | null {
  try {
    return new URL(url).hostname.replace(/^\[|\]$/g, '')
  } catch {
    return null
  }
}
