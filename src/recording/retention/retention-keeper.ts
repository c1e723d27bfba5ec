import type { SiteConfig } from '../../config/types.ts'
import { type Clock, sleep } from '../../kernel/clock.ts'
import { messageOf } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/log.ts'
import { formatDuration } from '../../kernel/units.ts'
import type { OldSegment } from '../segment-index/oldest-segments.ts'
import type { SegmentIndex } from '../segment-index/segment-index.ts'
import { isClockDoubtful } from './clock-doubt.ts'
import { deletePass, type PassResult } from './delete-pass.ts'
import { type Forecast, forecast } from './forecast.ts'
import { headroomOf } from './headroom.ts'
import { HoldsWatch } from './holds-watch.ts'
import { LeftFiles } from './left-files.ts'
import { measureRates } from './measure-rates.ts'
import { shortfallAlarms } from './plan-retention.ts'
import type { RetentionFs } from './retention-fs.ts'
import { SpaceWatch } from './space-watch.ts'
import { surveyArchive } from './survey-archive.ts'
import type { RetentionSurvey } from './types.ts'

export interface RetentionKeeperOptions {
  readonly index: SegmentIndex
  readonly clock: Clock
  readonly log: Logger
  readonly fs: RetentionFs
}

/** What holds at the time of a run. */
export interface RetentionTurn {
  readonly config: SiteConfig
  /** Id of the storage's marker. */
  readonly storageId: string
  /** Bytes a second of each camera as workers measure them; null or absent where they do not know. */
  readonly rates: ReadonlyMap<string, number | null>
}

/** How it stands with the room for recordings. Times are wall-clock milliseconds. */
export interface RetentionState {
  /** Milliseconds of writing left; null when it is not known. */
  readonly headroom: number | null
  /** What a person should see to, loudest first; empty when all is well. */
  readonly warnings: readonly string[]
  readonly lastFreed: { readonly at: number; readonly files: number; readonly bytes: number } | null
  /** Files that are not what the index says, since the start: they are not deleted. */
  readonly left: number
  /** Null until it was looked ahead. */
  readonly forecast: Forecast | null
}

/** Batches of a run: a thousand files, about two seconds. */
const BATCHES = 10
/** Milliseconds after trouble with the disk until it is tried again. */
const TROUBLE_PAUSE = 60_000
/** Milliseconds between two looks ahead, and two measurements in the index. */
const LOOK_AHEAD = 10 * 60_000
/** Deletes what has to go, all the time: the daemon calls {@link run} every few seconds. */
export class RetentionKeeper {
  readonly #options: RetentionKeeperOptions
  readonly #watch = new SpaceWatch()
  readonly #holds = new HoldsWatch()
  readonly #left: LeftFiles
  #running: Promise<void> | undefined
  readonly #startedAt: number
  readonly #ending = new AbortController()
  #notBefore = 0
  #trouble: string | null = null
  #alarms: readonly string[] = []
  #survey: RetentionSurvey<OldSegment> | undefined
  #measured: { readonly at: number; readonly rates: ReadonlyMap<string, number> } | undefined
  #ahead: { readonly at: number; readonly forecast: Forecast } | undefined
  #lastFreed: RetentionState['lastFreed'] = null

  constructor(options: RetentionKeeperOptions) {
    this.#options = options
    this.#startedAt = options.clock.monotonic()
    this.#left = new LeftFiles(options.log)
  }

  /** One bounded step: at most a thousand files. One at a time; callers share it. Never rejects. */
  run(turn: RetentionTurn): Promise<void> {
    this.#running ??= this.#run(turn)
      .catch(error => this.#pause(messageOf(error)))
      .finally(() => {
        this.#running = undefined
      })
    return this.#running
  }

  /** Ends, behind the batch under way. */
  async end(): Promise<void> {
    this.#ending.abort()
    await this.#running
  }

  state(): RetentionState {
    const survey = this.#survey
    const headroom = survey ? headroomOf(survey) : null
    const warnings = [...this.#alarms]
    if (this.#trouble !== null) warnings.unshift(`nothing is deleted: ${this.#trouble}`)
    if (survey && headroom !== null && headroom < survey.headroom.warn)
      warnings.push(`the cameras can write ${formatDuration(headroom)} more before the disk is full`)
    const left = this.#left.count
    if (left > 0)
      warnings.push(
        `not deleted, for it is not what the index says or cannot be: ${left} ${left === 1 ? 'file' : 'files'}, see the log`,
      )
    return {
      headroom,
      warnings,
      lastFreed: this.#lastFreed,
      left,
      forecast: this.#ahead?.forecast ?? null,
    }
  }

  async #run({ config, storageId, rates }: RetentionTurn): Promise<void> {
    const { index, clock, fs } = this.#options
    const { path: storage } = config.storage
    const { signal } = this.#ending
    const at = clock.monotonic()
    if (signal.aborted || at < this.#notBefore) return
    await this.#holds.sync({ index, storage, storageId, fs }, at)
    this.#left.age(at)
    const measured = await this.#measure()
    const survey = async () => {
      const space = await fs.space(storage).catch(() => null)
      // A camera that a worker does not know of now may be back in a moment.
      const known = new Map<string, number | null>(measured)
      for (const [camera, rate] of rates) if (rate !== null && rate > 0) known.set(camera, rate)
      const now = clock.wall()
      this.#survey = {
        ...surveyArchive(index, config, { now, space, rates: known }),
        clockDoubtful: isClockDoubtful(index, now, clock.monotonic() - this.#startedAt),
        skip: ({ path }) => this.#left.has(path),
      }
      return this.#survey
    }
    const result = await deletePass({
      place: { index, storage, storageId, fs },
      survey,
      watch: this.#watch,
      clock,
      batches: BATCHES,
      signal,
    }).catch(error => {
      if (signal.aborted) return undefined
      throw error
    })
    if (!result) return
    this.#note(result)
    await this.#lookAhead()
  }

  #note(result: PassResult): void {
    const { log, clock } = this.#options
    const { files, bytes, gone, left, trouble, shortfall } = result
    if (files > 0) {
      this.#lastFreed = { at: clock.wall(), files, bytes }
      log.info({ files, bytes }, 'footage deleted by retention')
    }
    if (gone > 0) log.warn({ files: gone }, 'files of the index were gone already')
    this.#left.add(left)
    if (trouble !== null) return this.#pause(trouble)
    if (this.#trouble !== null) log.info({}, 'retention goes on')
    this.#trouble = null
    // When there is more to do than a run does, what is short is not known yet.
    const alarms = this.#survey && shortfall ? shortfallAlarms(this.#survey, shortfall) : []
    if (alarms.length > 0 && this.#alarms.length === 0) log.error({ alarms }, 'retention needs a person to look at it')
    this.#alarms = alarms
  }

  #pause(trouble: string): void {
    const { log, clock } = this.#options
    if (trouble !== this.#trouble) log.error({ trouble }, 'retention deletes nothing')
    this.#trouble = trouble
    this.#notBefore = clock.monotonic() + TROUBLE_PAUSE
  }

  async #measure(): Promise<ReadonlyMap<string, number>> {
    const { index, clock } = this.#options
    const now = clock.monotonic()
    if (!this.#measured || now - this.#measured.at >= LOOK_AHEAD)
      this.#measured = { at: now, rates: await measureRates(index, clock.wall(), () => sleep(clock, 0)) }
    return this.#measured.rates
  }

  async #lookAhead(): Promise<void> {
    const { clock } = this.#options
    const now = clock.monotonic()
    if (!this.#survey || (this.#ahead && now - this.#ahead.at < LOOK_AHEAD)) return
    await sleep(clock, 0)
    this.#ahead = { at: now, forecast: forecast(this.#survey) }
  }
}
