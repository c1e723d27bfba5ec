import type { Clock, Timer } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/log.ts'
import type { StreamRole } from '../frame.ts'
import type { CameraStreamHub } from '../hub/index.ts'
import type { SlabPool } from '../memory/slab.ts'
import type { SourceState, StreamStatus, WantedStream } from '../worker/protocol.ts'
import { CameraLink } from './camera-link.ts'
import type { SharedReads } from './connection.ts'
import { endpointOf } from './endpoint.ts'
import { pictureFacts } from './picture-facts.ts'
import { RetrySchedule } from './retry.ts'
import { NO_VIDEO_LIMIT, stallLimit } from './stall.ts'
import type { Passage, StartGate } from './start-gate.ts'
import { StreamStatistics } from './statistics.ts'

/** Milliseconds from the first SYN to the answer to PLAY. */
const CONNECT_LIMIT = 10_000
const REDIRECT_LIMIT = 5
/** A camera that refuses a login is not asked again sooner, milliseconds: some lock the account after a few tries. */
const UNAUTHORIZED_WAIT = 30_000

/** What the worker's cameras share. */
export interface SourceContext {
  readonly pool: SlabPool
  readonly gate: StartGate
  readonly shared: SharedReads
  readonly userAgent: string
  readonly clock: Clock
  readonly random: () => number
  readonly log: Logger
}

export interface SourceOptions {
  readonly camera: string
  readonly stream: StreamRole
  readonly wanted: WantedStream
  readonly hub: CameraStreamHub
  /** It ran until just now: no wave to wait for. */
  readonly resume: boolean
}

/** The source's part of a stream's status; the hub and its readers know the rest. */
export type SourceStatus = Omit<StreamStatus, 'readers' | 'framesDropped'>

/** Pulls one camera stream into its hub, for as long as it is not stopped: connects, watches, tries again. */
export class CameraSource {
  readonly #options: SourceOptions
  readonly #context: SourceContext
  readonly #statistics = new StreamStatistics()
  readonly #retry: RetrySchedule
  #state: SourceState = 'idle'
  #reason: string | null = null
  #since: number
  #link: CameraLink | undefined
  #passage: Passage | undefined
  #timer: Timer | undefined
  #retryAt: number | null = null
  /** Monotonic milliseconds: begin of this try, answer to PLAY, last byte. */
  #connectedAt = 0
  #playingAt = 0
  #bytesAt = 0
  #tries = 0
  #redirects = 0
  #lostBefore = 0
  #damagedBefore = 0
  #stopped = false

  constructor(options: SourceOptions, context: SourceContext) {
    this.#options = options
    this.#context = context
    this.#since = context.clock.wall()
    this.#retry = new RetrySchedule(context.random)
  }

  start(): void {
    this.#enter(this.#options.wanted.url, this.#options.resume)
  }

  /** Ends the stream: TEARDOWN on the way out. */
  stop(reason: string): void {
    this.#stopped = true
    this.#timer?.cancel()
    this.#passage?.done()
    this.#link?.stop(reason)
    this.#link = undefined
    this.#become('idle', null)
  }

  /** Called a few times a second. */
  tick(now: number): void {
    const link = this.#link
    if (!link) return
    if (this.#playingAt === 0) {
      if (now - this.#connectedAt > CONNECT_LIMIT) this.#give(`${link.waitingFor} in ${CONNECT_LIMIT / 1_000} s`)
      return
    }
    link.tick(now)
    const limit = stallLimit(this.#statistics.frameInterval)
    if (now - this.#bytesAt > limit) return this.#give(`no data for ${Math.round(limit / 100) / 10} s`)
    const lastVideo = this.#statistics.lastFrameAt ?? this.#playingAt
    if (link.tracks.some(({ track }) => track.kind === 'video') && now - lastVideo > NO_VIDEO_LIMIT)
      this.#give(`no video for ${NO_VIDEO_LIMIT / 1_000} s`)
  }

  status(): SourceStatus {
    const now = this.#context.clock.monotonic()
    const link = this.#link
    const session = this.#options.hub.session
    const { fps, bitrate, gop, keyFrameAt } = this.#statistics.figures(now)
    const video = link?.tracks.find(({ track }) => track.kind === 'video')?.track
    const audio = link?.tracks.find(({ track }) => track.kind === 'audio')?.track
    const silence = now - this.#bytesAt
    const stalled = this.#state === 'playing' && silence > stallLimit(this.#statistics.frameInterval) / 2
    return {
      state: stalled ? 'stalled' : this.#state,
      reason: stalled ? `no data for ${(silence / 1_000).toFixed(1)} s` : this.#reason,
      since: this.#since,
      retryIn: this.#retryAt === null ? null : Math.max(0, Math.round(this.#retryAt - now)),
      codec: video ? (video.codec === 'other' ? video.encodingName : video.codec) : null,
      audio: audio?.codec ?? null,
      ...pictureFacts(session?.tracks[session.video]?.parameters),
      fps,
      bitrate,
      gop,
      keyFrameAge: keyFrameAt === null ? null : Math.round(now - keyFrameAt),
      framesReceived: this.#statistics.framesReceived,
      packetsLost: this.#lostBefore + (link?.packetsLost ?? 0),
      damaged: this.#damagedBefore + (link?.damaged ?? 0),
      clockOffset: rounded(link?.cameraClock.offset),
      clockDrift: rounded(link?.cameraClock.drift),
      reconnects: Math.max(0, this.#tries - 1),
      notes: link?.notes ?? [],
    }
  }

  #enter(url: string, resume: boolean): void {
    this.#retryAt = null
    const { host, port } = endpointOf(url)
    this.#become('connecting', this.#reason)
    this.#passage = this.#context.gate.enter(`${host}:${port}`, resume, () => this.#connect(url))
  }

  #connect(url: string): void {
    const { camera, stream, wanted, hub } = this.#options
    const { clock, random, pool, shared, userAgent } = this.#context
    const first = this.#tries === 0
    this.#tries++
    this.#connectedAt = clock.monotonic()
    this.#playingAt = 0
    this.#statistics.restart()
    const sameHost = endpointOf(url).host === endpointOf(wanted.url).host
    const login = wanted.username !== undefined && wanted.password !== undefined
    // A redirect must not carry the password to a host that the configuration does not name.
    const credentials = login && sameHost ? { username: wanted.username!, password: wanted.password! } : undefined
    this.#link = new CameraLink(
      {
        url,
        credentials,
        verifyTls: wanted.verifyTls,
        userAgent,
        pool,
        shared,
        clock,
        random,
        assembler: {
          camera,
          stream,
          hub,
          clock,
          random,
          reason: first ? 'first' : 'reconnect',
          onVideo: (frame, milliseconds) => this.#video(milliseconds, frame.key),
        },
      },
      {
        bytes: (now, count) => {
          this.#bytesAt = now
          this.#statistics.bytes(now, count)
        },
        playing: () => this.#playing(),
        redirected: target => this.#redirected(target),
        closed: reason => this.#lost(reason),
      },
    )
  }

  #playing(): void {
    this.#passage?.done()
    this.#playingAt = this.#bytesAt = this.#context.clock.monotonic()
    this.#redirects = 0
  }

  #video(milliseconds: number, key: boolean): void {
    this.#statistics.frame(this.#bytesAt, milliseconds, key)
    if (this.#state !== 'playing') this.#become('playing', null)
  }

  #redirected(url: string): void {
    this.#leave()
    if (++this.#redirects > REDIRECT_LIMIT) return this.#again('redirected in a circle', 0)
    if (!this.#stopped) this.#enter(url, true)
  }

  /** The watch lost patience with the connection. */
  #give(reason: string): void {
    this.#link?.stop(reason)
    this.#lost(reason)
  }

  #lost(reason: string): void {
    const { firstFrameAt, lastFrameAt } = this.#statistics
    const played = firstFrameAt === undefined || lastFrameAt === undefined ? 0 : lastFrameAt - firstFrameAt
    this.#leave()
    if (!this.#stopped) this.#again(reason, played)
  }

  #leave(): void {
    this.#lostBefore += this.#link?.packetsLost ?? 0
    this.#damagedBefore += this.#link?.damaged ?? 0
    this.#link = undefined
    this.#passage?.done()
  }

  #again(reason: string, played: number): void {
    const { clock, log } = this.#context
    const { camera, stream, hub, wanted } = this.#options
    const unauthorized = reason.startsWith('401') || reason.startsWith('403')
    const delay = Math.max(this.#retry.next(played), unauthorized ? UNAUTHORIZED_WAIT : 0)
    hub.trouble = reason
    log.warn({ camera, stream, reason, retryIn: delay }, 'stream lost')
    this.#become('backing-off', reason)
    this.#retryAt = clock.monotonic() + delay
    this.#timer = clock.after(delay, () => this.#enter(wanted.url, played > 0))
  }

  #become(state: SourceState, reason: string | null): void {
    if (state !== this.#state) {
      this.#since = this.#context.clock.wall()
      if (state === 'playing') {
        const { camera, stream } = this.#options
        this.#context.log.info({ camera, stream }, 'stream plays')
      }
    }
    this.#state = state
    this.#reason = reason
  }
}

function rounded(value: number | undefined): number | null {
  return value === undefined ? null : Math.round(value * 10) / 10
}
