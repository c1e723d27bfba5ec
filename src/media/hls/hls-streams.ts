import type { Clock, Timer } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/log.ts'
import type { StreamRole } from '../frame.ts'
import type { HubDirectory } from '../hub/index.ts'
import { LiveStream } from './live-stream.ts'
import { StreamMuxer } from './stream-muxer.ts'

const SWEEP_PERIOD = 1_000
/** Bytes of all windows together: recording has the memory first. */
const MOST_BYTES = 512 * 1024 * 1024

export interface HlsStreamsOptions {
  readonly directory: HubDirectory
  readonly clock: Clock
  readonly log: Logger
  /** Bytes of all windows together. */
  readonly mostBytes?: number
}

/** The HLS streams of a worker. Each is muxed while somebody asks for it, and costs nothing otherwise. */
export class HlsStreams {
  readonly #options: HlsStreamsOptions
  readonly #streams = new Map<string, LiveStream>()
  #sweeper: Timer | undefined

  constructor(options: HlsStreamsOptions) {
    this.#options = options
  }

  /** Streams that are muxed now. */
  get size(): number {
    return this.#streams.size
  }

  /** Why no other stream is muxed now, for a person; undefined while there is room. */
  get crowded(): string | undefined {
    const { mostBytes = MOST_BYTES } = this.#options
    return this.#bytes() < mostBytes ? undefined : 'too many streams are watched by HLS here already'
  }

  /** The stream, started where it is not running; undefined where no such one is configured. */
  open(camera: string, stream: StreamRole): LiveStream | undefined {
    return this.get(camera, stream) ?? this.#start(camera, stream)
  }

  /** The stream if it is muxed now. */
  get(camera: string, stream: StreamRole): LiveStream | undefined {
    const name = nameOf(camera, stream)
    const live = this.#streams.get(name)
    // The camera may have been configured anew.
    if (!live || this.#options.directory.find(camera, stream) === live.hub) return live
    this.#end(name)
    return undefined
  }

  close(): void {
    for (const name of [...this.#streams.keys()]) this.#end(name)
  }

  #start(camera: string, stream: StreamRole): LiveStream | undefined {
    const { directory, clock, log } = this.#options
    const hub = directory.find(camera, stream)
    if (!hub) return undefined
    const who = { camera, stream }
    let said = ''
    const muxer = new StreamMuxer(clock.wall(), (_, tracks) => {
      if (typeof tracks === 'string') return log.warn({ ...who, reason: tracks }, 'no HLS for this stream')
      const leftOut = tracks.leftOut.join(', ')
      if (leftOut !== said) log.info({ ...who, codec: leftOut }, 'HLS has no place for this sound: picture only')
      said = leftOut
    })
    const live = new LiveStream({ hub, muxer, clock, leave: () => leave() })
    this.#streams.set(nameOf(camera, stream), live)
    this.#sweeper ??= clock.every(SWEEP_PERIOD, () => this.#sweep()).unref()
    const leave = hub.subscribe(muxer)
    return live
  }

  #sweep(): void {
    const now = this.#options.clock.monotonic()
    for (const [name, stream] of this.#streams) if (stream.isIdle(now)) this.#end(name)
    // All of them may have begun at once, when they had nothing yet: the last to come go.
    for (const name of [...this.#streams.keys()].reverse()) {
      if (this.crowded === undefined) break
      this.#options.log.warn({ stream: name }, 'HLS of this stream ends: too many are watched at once')
      this.#end(name)
    }
  }

  #bytes(): number {
    return [...this.#streams.values()].reduce((sum, { bytes }) => sum + bytes, 0)
  }

  #end(name: string): void {
    this.#streams.get(name)?.close()
    this.#streams.delete(name)
    if (this.#streams.size > 0) return
    this.#sweeper?.cancel()
    this.#sweeper = undefined
  }
}

function nameOf(camera: string, stream: StreamRole): string {
  return `${camera}/${stream}`
}
