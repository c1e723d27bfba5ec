import type { Frame, MediaSession } from '../../../src/media/frame.ts'
import type { FrameReader } from '../../../src/media/hub/index.ts'
import { FrameWriter } from '../../../src/media/memory/frame-writer.ts'
import type { SlabPool } from '../../../src/media/memory/slab.ts'
import type { CodecParameters, Track } from '../../../src/wire/track.ts'

const H264: CodecParameters = {
  codec: 'h264',
  sps: Buffer.from('6742c00cda05067e7c0440000003004000000c83c50aa8', 'hex'),
  pps: [Buffer.from('68ce0fc8', 'hex')],
}

const PCMU: CodecParameters = { codec: 'pcmu', sampleRate: 8_000, channels: 1 }

export function track(index: number, parameters: CodecParameters, clockRate: number): Track {
  const video = parameters.codec === 'h264' || parameters.codec === 'h265'
  return {
    index,
    kind: video ? 'video' : 'audio',
    codec: parameters.codec,
    encodingName: parameters.codec.toUpperCase(),
    payloadType: 96 + index,
    clockRate,
    channels: video ? 0 : 1,
    control: '',
    fmtp: new Map(),
  }
}

/** One frame that a camera sent, with its bytes. */
export interface Sent {
  readonly session: string
  readonly track: number
  readonly number: number
  readonly dts: number
  readonly pts: number
  readonly key: boolean
  readonly bytes: Buffer
}

export interface CameraShape {
  readonly id: string
  readonly pool: SlabPool
  readonly reader: FrameReader
  /** Frames a second and frames from key to key. */
  readonly rate?: number
  readonly gop?: number
  /** Bytes of an ordinary frame. */
  readonly size?: number
  readonly audio?: boolean
  /** Remember no bytes, only what they must begin with. */
  readonly light?: boolean
}

const VIDEO_CLOCK = 90_000
const AUDIO_CLOCK = 8_000

let sessions = 0

/** Publishes frames of made-up bytes as a camera source does: through a frame writer a track, in order of time. */
export class SyntheticCamera {
  readonly sent: Sent[] = []
  readonly #shape: Required<CameraShape>
  readonly #writers: FrameWriter[]
  #session: MediaSession | undefined
  /** Milliseconds of the session's media. */
  #media = 0
  #numbers: number[] = []
  #total = 0

  constructor(shape: CameraShape) {
    this.#shape = { rate: 25, gop: 25, size: 2_000, audio: false, light: false, ...shape }
    this.#writers = (this.#shape.audio ? [0, 1] : [0]).map(() => new FrameWriter(shape.pool))
  }

  begin(reason: MediaSession['reason']): MediaSession {
    const tracks = [
      { source: track(0, H264, VIDEO_CLOCK), parameters: H264 },
      ...(this.#shape.audio ? [{ source: track(1, PCMU, AUDIO_CLOCK), parameters: PCMU }] : []),
    ]
    const { id, reader } = this.#shape
    const session: MediaSession = {
      id: `s${String(++sessions).padStart(5, '0')}`,
      camera: id,
      stream: 'main',
      tracks,
      video: 0,
      reason,
      clockOffset: undefined,
    }
    this.#session = session
    this.#media = 0
    this.#numbers = tracks.map(() => 0)
    reader.session(session)
    return session
  }

  end(reason: string): void {
    this.#session = undefined
    this.#shape.reader.ended(reason)
  }

  /** Sends one video frame, and the audio up to it, as arrived at `wall`. */
  frame(wall: number): void {
    const { rate, gop, size, audio } = this.#shape
    const number = this.#numbers[0]!
    const key = number % gop === 0
    const dts = Math.round((number * VIDEO_CLOCK) / rate)
    this.#push(0, key ? size * 4 : size, dts, dts, key, wall)
    this.#media = (number * 1_000) / rate
    while (audio && this.#numbers[1]! * 20 < this.#media) {
      this.#push(1, 160, this.#numbers[1]! * 160, this.#numbers[1]! * 160, true, wall)
    }
  }

  /** A frame that the reader does not get. */
  lose(): void {
    this.#numbers[0]!++
  }

  /** Gives its memory back. */
  close(): void {
    for (const writer of this.#writers) writer.close()
  }

  #push(trackIndex: number, size: number, dts: number, pts: number, key: boolean, wall: number): void {
    const writer = this.#writers[trackIndex]!
    const bytes = Buffer.alloc(size, this.#total & 0xff)
    // The frame says which it is, so that what is on disk can be compared without keeping it all.
    bytes.writeUInt32BE(size - 4, 0)
    bytes.writeUInt32BE(this.#total++, 4)
    writer.append(bytes, 0, bytes.length)
    const range = writer.take()!
    const number = this.#numbers[trackIndex]!++
    const frame: Frame = { ...range, track: trackIndex, pts, dts, key, arrived: wall, number }
    this.sent.push({
      session: this.#session!.id,
      track: trackIndex,
      number,
      dts,
      pts,
      key,
      bytes: this.#shape.light ? bytes.subarray(0, 8) : bytes,
    })
    this.#shape.reader.frame(frame)
    range.slab.release()
  }
}
