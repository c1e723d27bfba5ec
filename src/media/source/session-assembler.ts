import type { Clock } from '../../kernel/clock.ts'
import { timeOrderedId } from '../../kernel/ids.ts'
import { DecodeTimes } from '../../wire/rtp/index.ts'
import type { CodecParameters, Track } from '../../wire/track.ts'
import type { Frame, MediaSession, SessionTrack, StreamRole } from '../frame.ts'
import type { CameraStreamHub } from '../hub/index.ts'
import type { SlabRange } from '../memory/frame-writer.ts'
import { ArrivalTimes } from './arrival-times.ts'
import { ClockAlignment } from './clock-alignment.ts'
import { reorderFrames } from './picture-facts.ts'

/** Frame duration that is assumed for the first frames of a stream with B-frames, ticks of a second. */
const ASSUMED_RATE = 25

interface TrackState {
  readonly track: Track
  parameters: CodecParameters | undefined
  /** Where this track's clock stood at `at`, monotonic milliseconds; set by its first unit of a connection, or of a new SSRC. */
  anchor: { ticks: number; at: number } | undefined
  /** Keeps its times beside the video's; the video itself and a session without one need none. */
  alignment: ClockAlignment | undefined
  number: number
  decodeTimes: DecodeTimes
}

export interface AssemblerOptions {
  readonly camera: string
  readonly stream: StreamRole
  readonly hub: CameraStreamHub
  readonly clock: Clock
  readonly random: () => number
  /** Why the first session of this connection begins. */
  readonly reason: 'first' | 'reconnect'
  /** Each video frame that went to the hub. */
  readonly onVideo: (frame: Frame, milliseconds: number) => void
}

/**
 * Makes sessions and frames of the access units of one connection: decides when a session begins and ends, gives all tracks
 * one time line, and derives decode times. The video begins a session, with a key frame; audio follows it.
 */
export class SessionAssembler {
  readonly #options: AssemblerOptions
  readonly #tracks: readonly TrackState[]
  readonly #video: number
  #session: MediaSession | undefined
  #reason: MediaSession['reason']
  #arrivals = new ArrivalTimes()
  /** Connection time (milliseconds of the anchors' scale) and video ticks at which the session's time line begins. */
  #origin = 0
  #originTicks = 0
  #clockOffset: number | undefined

  constructor(tracks: readonly (readonly [Track, CodecParameters | undefined])[], options: AssemblerOptions) {
    this.#options = options
    this.#reason = options.reason
    this.#tracks = tracks.map(([track, parameters]) => ({
      track,
      parameters,
      anchor: undefined,
      alignment: undefined,
      number: 0,
      decodeTimes: decodeTimes(track, parameters),
    }))
    this.#video = tracks.findIndex(([track]) => track.kind === 'video')
    this.#anchor()
  }

  get session(): MediaSession | undefined {
    return this.#session
  }

  set clockOffset(milliseconds: number) {
    this.#clockOffset = milliseconds
    if (this.#session) this.#session.clockOffset = milliseconds
  }

  /** The camera has taken all set-ups: where it has said how its pictures are coded, others can be told before the first comes. */
  announce(): void {
    const { hub } = this.#options
    if (!hub.session && this.#tracks.every(({ parameters }) => parameters)) hub.announce(this.#describe())
  }

  /** Parameters came in band and differ from the last: with the next unit another session begins. */
  parameters(index: number, parameters: CodecParameters): void {
    const state = this.#tracks[index]!
    state.parameters = parameters
    if (!this.#session) return
    // Not the hub's `end`: nothing is lost between the two sessions, the unit that follows begins the next.
    this.#session = undefined
    this.#reason = 'parameters'
  }

  /** The sender of a track began anew (another SSRC): its clock has nothing to do with the one before. */
  restarted(index: number): void {
    const state = this.#tracks[index]!
    if (!state.anchor) return
    state.anchor = undefined
    if (state.alignment) state.alignment = new ClockAlignment()
    if (index === this.#video) this.#end('reconnect', 'camera restarted the stream')
  }

  /** The camera's media clock jumped; the ticks go on by the time that passed. */
  stepped(index: number): void {
    if (index === this.#video || this.#video < 0) this.#end('clock-step', "camera's media clock stepped")
  }

  /** One whole access unit: `ticks` is its unwrapped RTP timestamp. Takes over the reference that `range` holds. */
  unit(index: number, range: SlabRange, ticks: number, key: boolean): void {
    const frame = this.#frame(index, range, ticks, key)
    if (frame) {
      this.#options.hub.publish(frame)
      if (index === this.#video)
        this.#options.onVideo(frame, (frame.pts / this.#tracks[index]!.track.clockRate) * 1_000)
    }
    range.slab.release()
  }

  /** The connection is over. */
  close(reason: string): void {
    this.#options.hub.announce(undefined)
    this.#end('reconnect', reason)
  }

  #frame(index: number, range: SlabRange, ticks: number, key: boolean): Frame | undefined {
    const state = this.#tracks[index]!
    const { clock } = this.#options
    const now = clock.monotonic()
    const { clockRate } = state.track
    const master = index === this.#video || this.#video < 0
    state.anchor ??= { ticks, at: now }
    const own = state.anchor.at + ((ticks - state.anchor.ticks) / clockRate) * 1_000
    const time = state.alignment?.place(own, now) ?? own
    if (index === this.#video) for (const each of this.#tracks) each.alignment?.picture(time, now)
    if (!this.#session && !(master && this.#begin(state, time, ticks, key))) return undefined
    const pts = master ? ticks - this.#originTicks : Math.round(((time - this.#origin) / 1_000) * clockRate)
    // Leading pictures of an open group, and audio from before the first picture, have nothing to refer to.
    if (pts < 0) return master && key ? this.#wentBack(index, range, ticks, key) : undefined
    const dts = index === this.#video ? state.decodeTimes.push(pts) : pts
    if (index === this.#video && state.decodeTimes.wentBack) return this.#wentBack(index, range, ticks, key)
    // In the order of decoding, for that is the order of arrival.
    const arrived = this.#arrivals.at(time + ((dts - pts) / clockRate) * 1_000, now)
    return {
      slab: range.slab,
      start: range.start,
      end: range.end,
      track: index,
      pts,
      dts,
      key,
      arrived: clock.wall() + arrived - now,
      number: state.number++,
    }
  }

  /** The camera's media clock went back, less than would be a jump: another session begins with this or the next key frame. */
  #wentBack(index: number, range: SlabRange, ticks: number, key: boolean): Frame | undefined {
    this.#end('clock-step', "camera's media clock went back")
    this.#anchor()
    return key ? this.#frame(index, range, ticks, key) : undefined
  }

  /** Media times begin anew with what comes next, by its arrival. */
  #anchor(): void {
    for (const [index, state] of this.#tracks.entries()) {
      state.anchor = undefined
      state.alignment = this.#video < 0 || index === this.#video ? undefined : new ClockAlignment()
    }
    this.#arrivals = new ArrivalTimes()
  }

  /** Begins a session if one can begin with this unit. */
  #begin(state: TrackState, time: number, ticks: number, key: boolean): boolean {
    if (!key || (state.track.codec !== 'other' && !state.parameters)) return false
    this.#origin = time
    this.#originTicks = ticks
    for (const each of this.#tracks) {
      each.number = 0
      each.decodeTimes = decodeTimes(each.track, each.parameters)
    }
    this.#session = this.#describe()
    this.#options.hub.begin(this.#session)
    return true
  }

  #describe(): MediaSession {
    const { camera, stream, clock, random } = this.#options
    const tracks: SessionTrack[] = this.#tracks.map(each => ({ source: each.track, parameters: each.parameters }))
    return {
      id: timeOrderedId(clock.wall(), random),
      camera,
      stream,
      tracks,
      video: this.#video,
      reason: this.#reason,
      clockOffset: this.#clockOffset,
    }
  }

  #end(next: MediaSession['reason'], reason: string): void {
    this.#reason = next
    if (!this.#session) return
    this.#session = undefined
    this.#options.hub.end(reason)
  }
}

function decodeTimes(track: Track, parameters: CodecParameters | undefined): DecodeTimes {
  return new DecodeTimes(reorderFrames(parameters), track.clockRate / ASSUMED_RATE)
}
