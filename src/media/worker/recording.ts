import { type FfmpegVersion, findFfmpeg } from '../../encoding/index.ts'
import type { Clock } from '../../kernel/clock.ts'
import { messageOf } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/log.ts'
import { FfmpegRecorder } from '../ffmpeg-recorder/index.ts'
import type { Frame, MediaSession } from '../frame.ts'
import type { CameraStreamHub, FrameReader } from '../hub/index.ts'
import { CameraRecorder, type DiskWriter, type JournalSink } from '../recorder/index.ts'
import type { RecordingStatus } from './protocol.ts'

export interface RecordingContext {
  readonly disk: DiskWriter
  readonly journal: JournalSink
  /** URL of a camera's main stream at our gateway, with login; undefined while the gateway does not listen. */
  readonly gatewayUrl: (camera: string) => string | undefined
  readonly clock: Clock
  readonly random: () => number
  readonly log: Logger
}

export interface RecordingOptions {
  readonly camera: string
  readonly hub: CameraStreamHub
  readonly engine: 'native' | 'ffmpeg'
  readonly resume: boolean
}

/** Why the native recorder does not take a session; undefined when it does. */
function nativeObstacle(session: MediaSession): string | undefined {
  const video = session.tracks[session.video]
  if (video?.source.codec !== 'other') return undefined
  return `the native recorder does not write ${video.source.encodingName}`
}

/**
 * The recording of one camera's main stream, by whichever engine. It begins with the one that the configuration names; when
 * `native` meets a codec that it does not write, ffmpeg takes over, and the status says why.
 */
export class Recording implements FrameReader {
  readonly patient = true
  readonly #options: RecordingOptions
  readonly #context: RecordingContext
  readonly #leaveHub: () => void
  #native: CameraRecorder | undefined
  #ffmpeg: FfmpegRecorder | undefined
  #changing: Promise<void> = Promise.resolve()
  #fallback: string | null = null
  #trouble: string | null = null
  #stopped = false

  constructor(options: RecordingOptions, context: RecordingContext) {
    this.#options = options
    this.#context = context
    if (options.engine === 'native') this.#native = this.#makeNative()
    else this.#startFfmpeg(null)
    // Last: a running stream hands over its session and frames at once.
    this.#leaveHub = options.hub.subscribe(this)
  }

  session(session: MediaSession): void {
    const obstacle = nativeObstacle(session)
    if (this.#native && obstacle !== undefined) {
      const native = this.#native
      this.#native = undefined
      this.#changing = native.stop(obstacle)
      this.#startFfmpeg(obstacle)
    }
    this.#native?.session(session)
  }

  frame(frame: Frame): void {
    this.#native?.frame(frame)
  }

  ended(reason: string): void {
    this.#native?.ended(reason)
  }

  /** The engine that records now. */
  get engine(): 'native' | 'ffmpeg' {
    return this.#ffmpeg ? 'ffmpeg' : this.#options.engine
  }

  /** Notes why nothing comes from the camera, for the account of what is lost. */
  tick(): void {
    const { trouble } = this.#options.hub
    if (trouble !== undefined) this.#native?.missing(trouble)
  }

  /** The newest segment is complete on disk when this resolves. */
  async stop(reason: string): Promise<void> {
    this.#stopped = true
    this.#leaveHub()
    await Promise.all([this.#changing, this.#native?.stop(reason), this.#ffmpeg?.stop(reason)])
  }

  status(): RecordingStatus {
    if (this.#ffmpeg) return this.#ffmpeg.status()
    const { engine } = this.#options
    const known = { wanted: !this.#stopped, engine: this.#fallback === null ? engine : ('ffmpeg' as const) }
    if (this.#native) return { ...known, fallback: this.#fallback, ...this.#native.status() }
    return {
      ...known,
      fallback: this.#fallback,
      active: false,
      reason: this.#trouble,
      segment: null,
      segments: 0,
      bytesWritten: 0,
      framesWritten: 0,
      lastWritten: null,
      lost: {},
    }
  }

  #makeNative(): CameraRecorder {
    const { camera, resume } = this.#options
    const { disk, clock, journal, log } = this.#context
    return new CameraRecorder({
      camera,
      stream: 'main',
      settings: disk.settings,
      disk,
      clock,
      journal,
      log,
      resume,
      stored: (session, frames) => this.#options.hub.stored(session, frames),
    })
  }

  #startFfmpeg(fallback: string | null): void {
    this.#fallback = fallback
    this.#trouble = 'starting ffmpeg'
    void findFfmpeg().then(version => this.#runFfmpeg(version, fallback))
  }

  #runFfmpeg(ffmpeg: FfmpegVersion | undefined, fallback: string | null): void {
    if (this.#stopped) return
    const { camera } = this.#options
    const { disk, clock, random, journal, log } = this.#context
    if (!ffmpeg) {
      this.#trouble = `${fallback === null ? '' : `${fallback}, and `}ffmpeg is not installed`
      log.error({ camera, reason: this.#trouble }, 'camera cannot be recorded')
      return
    }
    if (fallback !== null) log.warn({ camera, reason: fallback }, 'ffmpeg records this camera')
    this.#ffmpeg = new FfmpegRecorder({
      camera,
      url: () => this.#context.gatewayUrl(camera),
      settings: disk.settings,
      ffmpeg,
      fallback,
      storageTrouble: () =>
        disk.checkMounted().then(
          () => undefined,
          (error: unknown) => messageOf(error),
        ),
      journal,
      clock,
      random,
      log,
    })
  }
}
