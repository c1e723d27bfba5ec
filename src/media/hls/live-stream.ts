import type { Clock } from '../../kernel/clock.ts'
import { type HlsVariant, type ReloadQuery, writeMultivariantPlaylist } from '../../wire/hls/index.ts'
import type { StreamHub } from '../hub/index.ts'
import type { Playlist } from './live-window.ts'
import type { StreamMuxer } from './stream-muxer.ts'

/** Milliseconds that a player waits for a stream to start; less where the camera is known to be in trouble. */
const START_TIME = 10_000
const TROUBLE_TIME = 3_000
const LOOK_PERIOD = 250
/** Target durations that a player is held who waits for more (RFC 8216bis section 6.2.5.2). */
const BLOCK_TARGETS = 3
/** Milliseconds for which a stream is kept that nobody asks for; longer where segments are longer. */
const IDLE_TIME = 10_000
/** Players that may wait at one stream. */
const MOST_WAITING = 2_000

/** Why there is nothing to send: refused for good, not there (any more), or not in time. Sentences for a person. */
export interface HlsRefusal {
  readonly status: 400 | 404 | 503
  readonly reason: string
}

export interface LiveStreamOptions {
  readonly hub: StreamHub
  readonly muxer: StreamMuxer
  readonly clock: Clock
  readonly leave: () => void
}

/** One stream as HLS players ask for it. It runs from the first request until some time after the last. */
export class LiveStream {
  readonly #options: LiveStreamOptions
  #asked: number
  #waiting = 0
  #closed = false

  constructor(options: LiveStreamOptions) {
    this.#options = options
    this.#asked = options.clock.monotonic()
  }

  get hub(): StreamHub {
    return this.#options.hub
  }

  /** Bytes of media that are kept. */
  get bytes(): number {
    return this.#options.muxer.window.bytes
  }

  /** Nobody has asked for a while, and nobody waits. */
  isIdle(now: number): boolean {
    return this.#waiting === 0 && now - this.#asked >= this.idleTime
  }

  /** Milliseconds after which a player that does not ask is gone. */
  get idleTime(): number {
    return Math.max(IDLE_TIME, BLOCK_TARGETS * 1_000 * this.#options.muxer.window.targetDuration)
  }

  /** The multivariant playlist, as soon as there is something to play; `child` is the address of the other playlist. */
  async index(child: string, signal: AbortSignal): Promise<Playlist | HlsRefusal> {
    const { muxer } = this.#options
    const refusal = await this.#ready(signal)
    if (refusal) return refusal
    const { peak, average } = muxer.window.bandwidth()
    const variant: HlsVariant = {
      uri: child,
      bandwidth: Math.max(1, peak),
      averageBandwidth: Math.max(1, average),
      codecs: muxer.tracks?.codecs ?? [],
      resolution: muxer.tracks?.resolution,
      frameRate: undefined,
    }
    return { bytes: Buffer.from(writeMultivariantPlaylist([variant])), version: child }
  }

  /** The media playlist: now, or as soon as it has what `query` asks for. */
  async playlist(query: ReloadQuery | undefined, signal: AbortSignal): Promise<Playlist | HlsRefusal> {
    const { window } = this.#options.muxer
    const refusal = await this.#ready(signal)
    if (refusal) return refusal
    if (query) {
      if (window.availability(query) === 'too-far')
        return { status: 400, reason: 'that segment is too far in the future' }
      const there = await this.#wait(() => window.availability(query) === 'there' || undefined, this.#blockTime, signal)
      if (typeof there === 'object') return there
    }
    return window.playlist()!
  }

  /** Bytes of an init segment, a part or a segment; the part that was hinted at as soon as it is complete. */
  async media(name: string, signal: AbortSignal): Promise<readonly Buffer[] | HlsRefusal> {
    const { window } = this.#options.muxer
    this.#asked = this.#options.clock.monotonic()
    const found = window.find(name)
    if (found !== 'later') return found ?? { status: 404, reason: 'this piece is not there, or not any more' }
    return this.#wait(
      () => {
        const now = window.find(name)
        return now === 'later' ? undefined : (now ?? { status: 404, reason: 'this piece is gone' })
      },
      this.#blockTime,
      signal,
    )
  }

  /** Ends the demand; who waits is let go. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#options.leave()
    this.#options.muxer.close()
  }

  get #blockTime(): number {
    return BLOCK_TARGETS * 1_000 * this.#options.muxer.window.targetDuration
  }

  /** Undefined once there is something to play. */
  async #ready(signal: AbortSignal): Promise<HlsRefusal | undefined> {
    const { muxer, hub, clock } = this.#options
    const began = clock.monotonic()
    const found = await this.#wait(
      () => {
        if (muxer.window.listed > 0) return true
        if (muxer.obstacle !== undefined) return { status: 503, reason: muxer.obstacle }
        const waited = clock.monotonic() - began
        return hub.trouble !== undefined && waited >= TROUBLE_TIME ? { status: 503, reason: hub.trouble } : undefined
      },
      START_TIME,
      signal,
      hub.session ? 'no key frame comes' : 'stream does not start',
    )
    return found === true ? undefined : found
  }

  /** What `look` gives, as soon as it gives something. */
  #wait<T>(
    look: () => T | HlsRefusal | undefined,
    time: number,
    signal: AbortSignal,
    late = 'nothing new comes from the camera',
  ): Promise<T | HlsRefusal> {
    const { muxer, hub, clock } = this.#options
    this.#asked = clock.monotonic()
    const now = look()
    if (now !== undefined) return Promise.resolve(now)
    if (this.#waiting >= MOST_WAITING) return Promise.resolve({ status: 503, reason: 'too many players wait' })
    this.#waiting++
    return new Promise(resolve => {
      const began = clock.monotonic()
      const settle = (value: T | HlsRefusal) => {
        this.#waiting--
        this.#asked = clock.monotonic()
        looks.cancel()
        forget()
        signal.removeEventListener('abort', onAbort)
        resolve(value)
      }
      const again = () => {
        const found = look()
        if (found !== undefined) settle(found)
        else if (this.#closed) settle({ status: 503, reason: 'the stream has ended' })
        else if (clock.monotonic() - began >= time) settle({ status: 503, reason: hub.trouble ?? late })
        else forget = muxer.onChange(again)
      }
      const onAbort = () => settle({ status: 503, reason: 'client left' })
      let forget = muxer.onChange(again)
      const looks = clock.every(LOOK_PERIOD, () => {
        forget()
        again()
      })
      signal.addEventListener('abort', onAbort)
      if (signal.aborted) onAbort()
    })
  }
}
