import type { Clock } from '../../kernel/clock.ts'
import { writeSdp } from '../../wire/sdp/index.ts'
import type { StreamRole } from '../frame.ts'
import type { Presentation, RtspSession } from '../rtsp-server/index.ts'
import { NO_FAULTS, type StreamFaults } from './fault-schedule.ts'
import { markOwner } from './frame-mark.ts'
import type { JoinPoint } from './options.ts'
import { SendLedger, type SentSession } from './send-ledger.ts'
import type { StreamMedia } from './stream-media.ts'
import { VIDEO_CLOCK_RATE, type VideoFeed } from './video-feed.ts'
import { VirtualPlayer } from './virtual-player.ts'

export interface VirtualStreamOptions {
  readonly camera: string
  readonly role: StreamRole
  readonly media: StreamMedia
  readonly fps: number
  readonly join: JoinPoint
  /** Monotonic milliseconds of frame 0. */
  readonly start: number
  /** Position in the loop of frame 0: cameras must not all send their key frames at once. */
  readonly offset: number
  /** Eight hexadecimal digits, drawn when the camera started. */
  readonly run: string
  readonly clock: Clock
  readonly random: () => number
  /** Somebody watches now, or nobody does any more. */
  readonly watched: (stream: VirtualStream, watched: boolean) => void
}

/** Milliseconds that sending may lag behind (the machine slept) before frames are left out. */
const LAG_LIMIT = 10_000

/**
 * One stream of a virtual camera. Frame n is due n frame intervals after the camera's start whether somebody watches or not:
 * so a number that is missing in a recording tells what was missed, and for how long.
 */
export class VirtualStream {
  readonly camera: string
  readonly role: StreamRole
  readonly random: () => number
  /** The fixed part of every mark. */
  readonly owner: Buffer
  readonly ledger = new SendLedger()
  readonly #options: VirtualStreamOptions
  readonly #interval: number
  readonly #players: VirtualPlayer[] = []
  #faults = NO_FAULTS
  #feed: VideoFeed
  /** Number of a frame at which the loop began. */
  #base: number
  /** The next frames in sending order. */
  #next = 0
  #nextAudio = 0
  /** Milliseconds that the next frame is sent late on purpose. */
  #delay = 0

  constructor(options: VirtualStreamOptions) {
    this.#options = options
    this.camera = options.camera
    this.role = options.role
    this.random = options.random
    this.owner = markOwner(options.camera, options.role, options.run)
    this.#interval = 1_000 / options.fps
    this.#feed = options.media.video
    this.#base = -options.offset
  }

  get watched(): boolean {
    return this.#players.length > 0
  }

  get faults(): StreamFaults {
    return this.#faults
  }

  set faults(faults: StreamFaults) {
    if (faults.otherParameters !== this.#faults.otherParameters) {
      this.#feed = faults.otherParameters ? this.#options.media.other : this.#options.media.video
      // Another clip begins with its key frame, now.
      this.#passOver()
      this.#base = this.#next
    }
    this.#faults = faults
  }

  /** What a client that describes this stream gets. */
  present(): Presentation {
    const { audio } = this.#options.media
    const tracks = audio ? [this.#feed.described, audio.described] : [this.#feed.described]
    return {
      sdp: writeSdp({ name: `${this.camera} ${this.role}`, tracks }),
      controls: tracks.map((_, index) => `trackID=${index}`),
      play: session => this.#play(session),
      release: () => {},
    }
  }

  #play(session: RtspSession): VirtualPlayer {
    const { address, port } = session.peer
    return new VirtualPlayer(this, session, this.ledger.open(`${address}:${port}`, this.#options.clock.wall()))
  }

  /** The first frame of a viewer that comes now, and whether it must be a key frame. */
  joinPoint(): { number: number; key: boolean } {
    this.#passOver()
    const { join } = this.#options
    if (join === 'now') return { number: this.#next, key: false }
    if (join === 'idr') this.#base = this.#next
    const frames = this.#feed.frames
    let number = this.#next
    // A loop has a key frame at its beginning at least.
    while (!frames[this.#position(number)]!.key) number++
    return { number, key: true }
  }

  join(player: VirtualPlayer): void {
    this.#players.push(player)
    if (this.#players.length === 1) this.#options.watched(this, true)
  }

  /** A viewer went; `sent` is what it got. */
  leave(player: VirtualPlayer, sent: SentSession): void {
    sent.ended = this.#options.clock.wall()
    const index = this.#players.indexOf(player)
    if (index < 0) return
    this.#players.splice(index, 1)
    if (this.#players.length === 0) this.#options.watched(this, false)
  }

  /** Closes the connections of all viewers. */
  dropViewers(reason: string): void {
    for (const player of [...this.#players]) player.close(reason)
  }

  /** Sends what is due at `now` (monotonic milliseconds). */
  tick(now: number): void {
    const elapsed = now - this.#options.start
    if (elapsed - this.#next * this.#interval > LAG_LIMIT) this.#catchUp()
    while (this.#players.length > 0 && this.#next * this.#interval + this.#delay <= elapsed) this.#sendFrame()
    const { audio } = this.#options.media
    if (!audio) return
    const period = (audio.ticks * 1_000) / audio.clockRate
    for (; this.#players.length > 0 && this.#nextAudio * period <= elapsed; this.#nextAudio++) {
      if (this.#faults.frozen) continue
      const frame = audio.frames[this.#nextAudio % audio.frames.length]!
      const ticks = this.#nextAudio * audio.ticks
      for (let i = this.#players.length - 1; i >= 0; i--) this.#players[i]!.audio(frame, ticks)
    }
  }

  /** Ticks of the video clock that belong to a frame number. */
  videoTicks(number: number): number {
    return Math.round(number * this.#interval * (VIDEO_CLOCK_RATE / 1_000))
  }

  /** Ticks of a track's clock since the camera's start. */
  ticksNow(video: boolean): number {
    const rate = video ? VIDEO_CLOCK_RATE : (this.#options.media.audio?.clockRate ?? 0)
    return Math.round(((this.#options.clock.monotonic() - this.#options.start) * rate) / 1_000)
  }

  /** What the camera takes for the time, milliseconds since the epoch; undefined while it is frozen. */
  cameraClock(): number | undefined {
    return this.#faults.frozen ? undefined : this.#options.clock.wall() + this.#faults.clockOffset
  }

  #sendFrame(): void {
    const number = this.#next++
    this.#delay = this.#faults.jitter > 0 ? this.random() * this.#faults.jitter : 0
    if (this.#faults.frozen) return
    const frame = this.#feed.frames[this.#position(number)]!
    const wall = this.#options.clock.wall()
    // From the end: a viewer that is closed takes itself out.
    for (let i = this.#players.length - 1; i >= 0; i--) this.#players[i]!.video(frame, number, wall)
  }

  #position(number: number): number {
    return (number - this.#base) % this.#feed.frames.length
  }

  /** Passes over the frames that were due while nobody watched. */
  #passOver(): void {
    if (!this.watched) this.#catchUp()
  }

  /** Passes over the frames that should have been sent by now. */
  #catchUp(): void {
    const { clock, start, media } = this.#options
    const elapsed = Math.max(0, clock.monotonic() - start)
    this.#next = Math.max(this.#next, Math.ceil(elapsed / this.#interval))
    if (media.audio) {
      const period = (media.audio.ticks * 1_000) / media.audio.clockRate
      this.#nextAudio = Math.max(this.#nextAudio, Math.ceil(elapsed / period))
    }
  }
}
