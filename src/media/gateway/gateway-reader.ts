import type { Clock, Timer } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/log.ts'
import type { Frame, MediaSession } from '../frame.ts'
import type { FrameReader, StreamHub } from '../hub/index.ts'
import type { Player, RtpStart, RtspSession, SendBuffer, SenderState } from '../rtsp-server/index.ts'
import { Backlog } from './backlog.ts'
import { goodbye } from './goodbye.ts'
import { MediaTimeline } from './media-timeline.ts'
import { sameTracks } from './same-tracks.ts'
import { TrackSender } from './track-sender.ts'

/** What the readers of a stream got and did not get, since the start. */
export interface StreamTotals {
  /** Bytes sent. */
  bytes: number
  /** Frames that were not sent because the client did not keep up. */
  dropped: number
}

/** Milliseconds that a reader waits for a camera that is gone. */
const CAMERA_DOWN_TIME = 30_000
/**
 * Milliseconds for which MediaMTX gets nothing of a stream that just starts. It gives its viewers no key frame that came before
 * them, and the one for whom it starts the stream is still setting it up: without a pause he waits for the next key frame.
 */
const RELAY_PAUSE = 150
/** Milliseconds that such a viewer waits for the first picture of a camera that has said it would play. */
const COLD_TIME = 10_000

export interface GatewayReaderOptions {
  readonly hub: StreamHub
  readonly session: RtspSession
  /** What the client was told by DESCRIBE. */
  readonly described: MediaSession
  /** It is MediaMTX, and the stream was started for it. */
  readonly cold?: boolean
  /** Shared by the readers of the process. */
  readonly buffer: SendBuffer
  readonly clock: Clock
  readonly log: Logger
  readonly random: () => number
  /** Counts on in these. */
  readonly totals: StreamTotals
  readonly onStop: (reader: GatewayReader) => void
}

/** A client that plays a stream: takes the hub's frames, sends them as RTP packets, one write a frame. */
export class GatewayReader implements FrameReader, Player {
  readonly range = 'npt=now-'
  readonly starts: readonly (RtpStart | undefined)[]
  /** Bytes sent to the client. */
  bytes = 0
  readonly #options: GatewayReaderOptions
  readonly #tracks: readonly (TrackSender | undefined)[]
  /** Index of the video track when the client has set it up: it decides where one can begin. */
  readonly #video: number
  readonly #timeline = new MediaTimeline()
  readonly #backlog = new Backlog()
  #leave: (() => void) | undefined
  #joining = false
  #stopped = false
  /** Nothing is sent before the next key frame. */
  #waiting = true
  #missed = 0
  #downTimer: Timer | undefined
  #pause: Timer | undefined

  constructor(options: GatewayReaderOptions) {
    const { session, described, random } = options
    this.#options = options
    this.#tracks = described.tracks.map((track, index) => {
      const transport = session.tracks[index]
      return transport && new TrackSender(track, transport, random)
    })
    this.#video = this.#tracks[described.video] ? described.video : -1
    this.starts = this.#tracks.map(track => track?.start)
  }

  start(): void {
    const { hub, clock, cold } = this.#options
    this.#waitForCamera(cold === true ? COLD_TIME : CAMERA_DOWN_TIME)
    if (cold !== true) return this.#subscribe()
    const letGo = hub.hold(() => {})
    this.#leave = letGo
    this.#pause = clock.after(RELAY_PAUSE, () => {
      this.#subscribe()
      letGo()
    })
  }

  #subscribe(): void {
    this.#joining = true
    const leave = this.#options.hub.subscribe(this)
    // A stream that is not the one described has ended this reader already.
    if (this.#stopped) leave()
    else this.#leave = leave
  }

  joined(): void {
    this.#joining = false
    this.#backlog.joined(this.#options.session.pending)
  }

  stop(): void {
    if (this.#stopped) return
    this.#stopped = true
    this.#downTimer?.cancel()
    this.#pause?.cancel()
    this.#leave?.()
    this.#reportMissed()
    this.#options.onStop(this)
  }

  session(session: MediaSession): void {
    if (this.#stopped) return
    this.#downTimer?.cancel()
    this.#downTimer = undefined
    if (!sameTracks(this.#options.described, session)) return this.end('the stream has changed')
    for (const [index, track] of session.tracks.entries()) this.#tracks[index]?.setParameters(track.parameters)
    this.#timeline.restart()
    this.#waiting = true
  }

  ended(): void {
    if (!this.#stopped) this.#waitForCamera(CAMERA_DOWN_TIME)
  }

  frame(frame: Frame): void {
    const track = this.#tracks[frame.track]
    if (!track || this.#stopped) return
    const begins = this.#video < 0 || (frame.track === this.#video && frame.key)
    if (this.#waiting && !begins) return
    const { session, buffer } = this.#options
    if (!this.#joining && !this.#backlog.admits(session.pending, begins)) return this.#miss()
    if (this.#missed > 0) this.#reportMissed()
    this.#waiting = false
    if (this.#timeline.advance(frame.dts / track.clockRate, frame.arrived))
      for (const each of this.#tracks) each?.rebase(this.#timeline.offset ?? 0)
    buffer.lend(track.writer)
    track.packetize(frame.slab.bytes, frame.start, frame.end, frame.pts, frame.key)
    const bytes = buffer.send(track.writer, session)
    this.bytes += bytes
    this.#options.totals.bytes += bytes
    this.#backlog.sent(bytes, frame.arrived)
  }

  /** Says goodbye and ends the client's session. */
  end(reason: string): void {
    const { session } = this.#options
    for (const track of session.tracks) if (track) session.send(goodbye(track))
    session.close(reason)
    this.stop()
  }

  report(index: number): SenderState | undefined {
    const track = this.#tracks[index]
    const { anchor } = this.#timeline
    if (!track || !anchor || track.writer.packetCount === 0) return undefined
    return {
      timestamp: track.timestampAt(anchor.time),
      wall: anchor.arrived,
      packets: track.writer.packetCount,
      octets: track.writer.octetCount,
    }
  }

  #miss(): void {
    if (this.#missed++ === 0) this.#options.log.warn(this.#who(), 'reader does not keep up, frames are dropped')
    this.#options.totals.dropped++
  }

  #reportMissed(): void {
    if (this.#missed === 0) return
    this.#options.log.warn({ ...this.#who(), frames: this.#missed }, 'frames were dropped for a slow reader')
    this.#missed = 0
  }

  #waitForCamera(time: number): void {
    const { clock, hub } = this.#options
    this.#downTimer ??= clock.after(time, () => this.end(`camera down: ${hub.trouble ?? 'no stream'}`)).unref()
  }

  #who(): { client: string; path: string } {
    const { peer, target } = this.#options.session
    return { client: peer.address, path: target.path }
  }
}
