import type { Clock, Timer } from '../../src/kernel/clock.ts'
import type { Frame, MediaSession, SessionTrack, StreamRole } from '../../src/media/frame.ts'
import { CameraStreamHub } from '../../src/media/hub/index.ts'
import { FrameWriter } from '../../src/media/memory/frame-writer.ts'
import { SlabPool } from '../../src/media/memory/slab.ts'
import type { Track } from '../../src/wire/track.ts'
import type { EncodedTrack, EncodedUnit } from './encoded-media.ts'

const NAMES = { h264: 'H264', h265: 'H265', aac: 'MPEG4-GENERIC', pcmu: 'PCMU', pcma: 'PCMA', other: 'X' } as const

export interface LoopedStreamOptions {
  readonly camera: string
  readonly stream?: StreamRole
  readonly tracks: readonly EncodedTrack[]
  readonly clock: Clock
  readonly onDemand?: (readers: number) => void
}

interface Due {
  readonly track: number
  readonly unit: EncodedUnit
  /** Seconds since the loop's beginning. */
  readonly at: number
}

/** A hub that real frames are published to in real time, over and over: the camera and its source in one. */
export class LoopedStream {
  readonly hub: CameraStreamHub
  readonly pool = new SlabPool()
  readonly #options: LoopedStreamOptions
  readonly #writers: FrameWriter[]
  readonly #schedule: Due[]
  readonly #loopLength: number
  #numbers: number[] = []
  #sessions = 0
  #next = 0
  #loops = 0
  #began = 0
  #timer: Timer | undefined

  constructor(options: LoopedStreamOptions) {
    this.#options = options
    this.hub = new CameraStreamHub(options.onDemand)
    this.#writers = options.tracks.map(() => new FrameWriter(this.pool))
    this.#loopLength = Math.min(
      ...options.tracks.map(({ units, timescale }) => {
        const last = units.at(-1)!
        return (last.decodeTime + last.duration) / timescale
      }),
    )
    this.#schedule = options.tracks
      .flatMap(({ units, timescale }, track) => units.map(unit => ({ track, unit, at: unit.decodeTime / timescale })))
      .filter(due => due.at < this.#loopLength)
      .sort((a, b) => a.at - b.at)
  }

  /** Begins a session and publishes in real time. */
  start(reason: MediaSession['reason'] = 'first', change: (session: MediaSession) => MediaSession = s => s): void {
    const { camera, stream = 'main', tracks, clock } = this.#options
    this.#numbers = tracks.map(() => 0)
    this.#next = 0
    this.#loops = 0
    this.#began = clock.monotonic()
    const session: MediaSession = {
      id: `session-${++this.#sessions}`,
      camera,
      stream,
      tracks: tracks.map(sessionTrack),
      video: tracks.findIndex(({ parameters }) => parameters.codec.startsWith('h26')),
      reason,
      clockOffset: undefined,
    }
    this.hub.begin(change(session))
    this.#timer = clock.every(5, () => this.#publishDue())
  }

  /** The camera goes away. */
  stop(reason = 'camera gone'): void {
    this.#timer?.cancel()
    this.hub.end(reason)
    this.hub.trouble = reason
  }

  #publishDue(): void {
    const now = (this.#options.clock.monotonic() - this.#began) / 1_000
    for (;;) {
      const due = this.#schedule[this.#next]!
      if (due.at + this.#loops * this.#loopLength > now) return
      this.#publish(due)
      if (++this.#next < this.#schedule.length) continue
      this.#next = 0
      this.#loops++
    }
  }

  #publish({ track, unit }: Due): void {
    const writer = this.#writers[track]!
    const { timescale } = this.#options.tracks[track]!
    writer.append(unit.bytes, 0, unit.bytes.length)
    const range = writer.take()!
    const dts = unit.decodeTime + Math.round(this.#loops * this.#loopLength * timescale)
    const frame: Frame = {
      ...range,
      track,
      dts,
      pts: dts + unit.compositionOffset,
      key: unit.key,
      arrived: this.#options.clock.wall(),
      number: this.#numbers[track]!++,
    }
    this.hub.publish(frame)
    range.slab.release()
  }
}

function sessionTrack({ parameters, timescale }: EncodedTrack, index: number): SessionTrack {
  const { codec } = parameters
  const source: Track = {
    index,
    kind: codec.startsWith('h26') ? 'video' : 'audio',
    codec,
    encodingName: NAMES[codec],
    payloadType: codec === 'pcmu' ? 0 : codec === 'pcma' ? 8 : 96 + index,
    clockRate: timescale,
    channels: 'channels' in parameters ? parameters.channels : 0,
    control: `trackID=${index}`,
    fmtp: new Map(),
  }
  return { source, parameters }
}
