import { didYouMean } from '../config/suggest.ts'
import type { Clock } from '../kernel/clock.ts'
import { VmsError } from '../kernel/errors.ts'
import { parseInstant } from '../kernel/instant.ts'
import { parseDuration } from '../kernel/units.ts'
import { type OngoingOutage, withOngoing } from '../recording/coverage/index.ts'
import type { Playback } from '../recording/export/index.ts'
import type { Archive, CoveragePiece, Interval, Segment } from '../recording/index.ts'

/** Milliseconds of a span that one answer takes: a year of one camera is 175 000 segments. */
const MOST = 366 * 86_400_000
/** Cameras whose account one answer holds; more are asked for in parts. */
const MOST_CAMERAS = 1_000

/** A span as it is asked for: times as people write them, or RFC 3339. */
export interface SpanQuery {
  readonly from?: string | undefined
  readonly to?: string | undefined
}

export interface PlaybackQuery {
  /** As people write times. */
  readonly from: string
  /** `90s`, `10min`; until now when not given. */
  readonly duration?: string | undefined
  readonly audio?: boolean | undefined
}

export interface CameraCoverage {
  readonly camera: string
  readonly pieces: readonly CoveragePiece[]
}

/** What the daemon answers about its archive. Times are wall-clock milliseconds. */
export class ArchiveService {
  readonly #archive: () => Archive
  readonly #outages: () => ReadonlyMap<string, OngoingOutage>
  readonly #clock: Clock

  /** `outages`: what is wrong now, by camera: no journal says it yet. */
  constructor(archive: () => Archive, outages: () => ReadonlyMap<string, OngoingOutage>, clock: Clock) {
    this.#archive = archive
    this.#outages = outages
    this.#clock = clock
  }

  /** Segments of a camera, the one being written too. Rejects with VMS_E_CAMERA_NOT_FOUND and VMS_E_USAGE. */
  async segments(camera: string, query: SpanQuery): Promise<Interval & { camera: string; segments: Segment[] }> {
    const archive = this.#archive()
    const span = this.#span(archive, query)
    known(archive, camera)
    return { camera, ...span, segments: await archive.allSegments(camera, span) }
  }

  /** The account of cameras, of all when none is named. Rejects like {@link segments}. */
  async coverage(
    cameras: readonly string[] | undefined,
    query: SpanQuery,
  ): Promise<Interval & { cameras: CameraCoverage[] }> {
    const archive = this.#archive()
    const span = this.#span(archive, query)
    const asked = cameras ?? archive.config.cameras.map(({ id }) => id)
    if (asked.length > MOST_CAMERAS)
      throw new VmsError('VMS_E_USAGE', `${asked.length} cameras are too many for one answer`, {
        hint: `Name ${MOST_CAMERAS} at most, with camera=...&camera=...`,
      })
    const outages = span.end >= this.#clock.wall() ? this.#outages() : new Map<string, OngoingOutage>()
    const found: CameraCoverage[] = []
    for (const camera of asked) {
      known(archive, camera)
      const pieces = await archive.coverage(camera, span)
      const outage = outages.get(camera)
      found.push({ camera, pieces: outage ? withOngoing(pieces, outage) : pieces })
    }
    return { ...span, cameras: found }
  }

  /**
   * Footage of a camera from `from` on as one fragmented MP4, whose time 0 is the key frame before; gaps keep their time.
   * Rejects like {@link segments}, and with VMS_E_NO_FOOTAGE.
   */
  async playback(camera: string, query: PlaybackQuery, signal: AbortSignal): Promise<Playback> {
    const archive = this.#archive()
    const { from, duration, audio = true } = query
    const start = this.#span(archive, { from }).start
    known(archive, camera)
    const length = duration === undefined ? MOST : parseDuration(duration)
    const { openPlayback } = await import('../recording/export/index.ts')
    const to = Math.min(start + length, this.#clock.wall())
    return openPlayback(archive, { camera, stream: 'main', from: start, to, keepGaps: true, audio }, signal)
  }

  #span({ config }: Archive, { from = '-24h', to = 'now' }: SpanQuery): Interval {
    const context = { now: this.#clock.wall(), timezone: config.site.timezone }
    const start = parseInstant(from, context)
    const end = parseInstant(to, context)
    if (start >= end) throw new VmsError('VMS_E_USAGE', `from (${from}) is not before to (${to})`)
    if (end - start > MOST) throw new VmsError('VMS_E_USAGE', 'a span is a year at most')
    return { start, end }
  }
}

function known(archive: Archive, camera: string): void {
  const cameras = archive.cameras()
  if (cameras.includes(camera)) return
  const hint = didYouMean(camera, cameras)
  throw new VmsError(
    'VMS_E_CAMERA_NOT_FOUND',
    `no camera "${camera.slice(0, 64)}" is configured or in the archive`,
    hint === undefined ? {} : { hint: `${hint[0]!.toUpperCase()}${hint.slice(1)}` },
  )
}
