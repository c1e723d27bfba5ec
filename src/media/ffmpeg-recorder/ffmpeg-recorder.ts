import { mkdir } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { type FfmpegVersion, recordCommand, type SegmentFormat } from '../../encoding/index.ts'
import { backoffDelay, CAMERA_BACKOFF } from '../../kernel/backoff.ts'
import type { Clock, Timer } from '../../kernel/clock.ts'
import { messageOf } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/log.ts'
import type { JournalSink } from '../recorder/types.ts'
import type { RecordingStatus, StorageSettings } from '../worker/protocol.ts'
import { FfmpegProcess } from './ffmpeg-process.ts'
import { FFMPEG_ENDED, SegmentLog, WORKER_DIED } from './segment-log.ts'
import { segmentPattern } from './segment-pattern.ts'

/** No new frame for this long, milliseconds: ffmpeg is ended and started again. */
const STALL = 20_000
/** Segments are named by the second: a new start in the same second would write over what the last one began, milliseconds. */
const NAME_PERIOD = 1_000
/** Frames must have come for this long before a new failure is retried at once, milliseconds. */
const STEADY = 30_000

export interface FfmpegRecorderOptions {
  readonly camera: string
  /** The camera's main stream at our gateway, with user info if it asks for it; undefined while there is none. Never logged. */
  readonly url: () => string | undefined
  readonly settings: StorageSettings
  readonly ffmpeg: FfmpegVersion
  /** Why this engine stands in for `native`; null when the configuration asks for it. */
  readonly fallback: string | null
  /** Checks that the storage is the one we know; resolves to the trouble, or undefined. */
  readonly storageTrouble: () => Promise<string | undefined>
  readonly journal: JournalSink
  readonly clock: Clock
  readonly random: () => number
  readonly log: Logger
}

/**
 * Records one camera with ffmpeg (stream copy), reading from the gateway: the owner's engine, and the one for codecs that
 * ours does not write. Started again for ever, with backoff; judged by frames, not by the process being alive.
 */
export class FfmpegRecorder {
  readonly #options: FfmpegRecorderOptions
  #process: FfmpegProcess | undefined
  #retry: Timer | undefined
  #watch: Timer | undefined
  #stopped = false
  #failures = 0
  #frames = 0
  #framesBefore = 0
  #startedAt = 0
  /** Wall-clock milliseconds of the last progress; before the first, of the time since when footage is wanted. */
  #lastFrameAt: number
  #progressAt = 0
  #segment: string | null = null
  readonly #segmentLog: SegmentLog
  #format: SegmentFormat = 'mp4'
  /** The run in hand showed that another container is needed. */
  #refused = false
  /** What an earlier worker left has been looked for. */
  #looked = false
  #reason: string | null = null
  readonly #lost: Record<string, number> = {}

  constructor(options: FfmpegRecorderOptions) {
    this.#options = options
    this.#segmentLog = new SegmentLog(options)
    this.#lastFrameAt = options.clock.wall()
    this.#watch = options.clock.every(1_000, () => this.#check()).unref()
    void this.#start()
  }

  status(): RecordingStatus {
    const active = this.#process !== undefined && this.#frames > 0 && !this.#stalled(5_000)
    return {
      wanted: !this.#stopped,
      engine: 'ffmpeg',
      fallback: this.#options.fallback,
      active,
      reason: active ? null : this.#reason,
      segment: this.#segment,
      segments: this.#segmentLog.segments,
      bytesWritten: this.#segmentLog.bytes,
      framesWritten: this.#framesBefore + this.#frames,
      lastWritten: this.#framesBefore + this.#frames === 0 ? null : this.#lastFrameAt,
      lost: this.#lost,
    }
  }

  /** Ends ffmpeg in order; resolves when its last segment is complete. */
  async stop(reason: string): Promise<void> {
    if (!this.#stopped && !this.status().active)
      this.#lose(this.#lastFrameAt, this.#options.clock.wall(), this.#reason ?? 'ffmpeg writes no frames')
    this.#stopped = true
    this.#reason = reason
    this.#retry?.cancel()
    this.#watch?.cancel()
    await this.#process?.stop()
    await this.#segmentLog.settled
  }

  async #start(): Promise<void> {
    const { settings, ffmpeg, clock } = this.#options
    const { folder } = this.#segmentLog
    const url = this.#options.url()
    if (url === undefined) return this.#later('the gateway does not listen yet')
    try {
      const trouble = await this.#options.storageTrouble()
      if (trouble !== undefined) return this.#later(trouble)
      await mkdir(folder, { recursive: true })
      await this.#lookForLeft()
    } catch (error) {
      return this.#later(messageOf(error))
    }
    if (this.#stopped) return
    const pattern = segmentPattern(settings.names, settings.timezone, new Date(clock.wall()).getUTCFullYear())
    const { argv, input } = recordCommand(ffmpeg, {
      url,
      pattern: join(folder.replaceAll('%', '%%'), pattern.name),
      segment: settings.segment / 1_000,
      format: this.#format,
    })
    this.#refused = false
    this.#framesBefore += this.#frames
    this.#frames = 0
    this.#startedAt = this.#progressAt = clock.monotonic()
    if (this.#reason !== WORKER_DIED) this.#reason = 'starting ffmpeg'
    this.#segmentLog.newSession(`ffmpeg-${Math.floor(this.#startedAt)}`)
    this.#process = new FfmpegProcess(argv, input, pattern.timezone, clock, {
      opened: path => {
        this.#segment = relative(settings.path, path)
        this.#segmentLog.began(basename(path))
      },
      finished: segment => this.#segmentLog.finished(segment),
      frames: count => this.#progress(count),
      refused: () => {
        if (this.#format === 'mov') return
        this.#format = 'mov'
        this.#refused = true
      },
      exited: words => this.#exited(words),
    })
  }

  #progress(count: number): void {
    if (count <= this.#frames) return
    const now = this.#options.clock.wall()
    if (this.#frames === 0) this.#lose(this.#lastFrameAt, now, this.#reason ?? 'starting ffmpeg')
    this.#frames = count
    this.#lastFrameAt = now
    this.#progressAt = this.#options.clock.monotonic()
    this.#reason = null
  }

  /** What is missing since a killed worker's ffmpeg wrote its last is lost. */
  async #lookForLeft(): Promise<void> {
    if (this.#looked) return
    this.#looked = true
    const left = await this.#segmentLog.left()
    if (left === undefined) return
    this.#lastFrameAt = Math.min(this.#lastFrameAt, left)
    this.#reason = WORKER_DIED
  }

  #exited(words: string): void {
    this.#process = undefined
    this.#segment = null
    this.#segmentLog.exited()
    if (this.#stopped) return
    if (this.#refused) return this.#later('MP4 does not take this sound, QuickTime does', NAME_PERIOD)
    if (this.#options.clock.monotonic() - this.#startedAt > STEADY && this.#frames > 0) this.#failures = 0
    this.#later(words === '' ? FFMPEG_ENDED : `ffmpeg: ${words}`)
  }

  /** Tries again, after `wait` milliseconds or with backoff. */
  #later(reason: string, wait?: number): void {
    if (this.#stopped) return
    const { clock, random, log, camera } = this.#options
    this.#reason = reason
    const delay = wait ?? Math.max(NAME_PERIOD, backoffDelay(CAMERA_BACKOFF, this.#failures++, random))
    log.warn({ camera, reason, retryIn: delay }, 'ffmpeg recorder stopped')
    this.#retry = clock.after(delay, () => void this.#start())
  }

  #stalled(limit: number): boolean {
    return this.#options.clock.monotonic() - this.#progressAt > limit
  }

  #check(): void {
    if (!this.#process || !this.#stalled(STALL)) return
    this.#reason = 'ffmpeg writes no frames'
    this.#progressAt = this.#options.clock.monotonic()
    void this.#process.stop()
  }

  #lose(from: number, to: number, reason: string): void {
    const { camera, journal } = this.#options
    // ffmpeg opens its input and finds key frames in the first two seconds; less than that is no gap worth a line.
    if (to - from < 1_000) return
    this.#lost[reason] = Math.round(((this.#lost[reason] ?? 0) + (to - from) / 1_000) * 10) / 10
    journal.append({ type: 'gap', camera, start: from, end: to, reason })
  }
}
