import type { Frame, MediaSession, SessionTrack } from '../../../src/media/frame.ts'
import { CameraStreamHub } from '../../../src/media/hub/index.ts'
import { FrameWriter } from '../../../src/media/memory/frame-writer.ts'
import { SlabPool } from '../../../src/media/memory/slab.ts'
import type { RtspSession, TrackTransport } from '../../../src/media/rtsp-server/index.ts'
import { emptyRtpHeader, parseRtpHeader } from '../../../src/wire/rtp/index.ts'

const SPS = Buffer.from('6742c01ed900a0479608c80000030008000003019470', 'hex')
const PPS = Buffer.from('68cb83cb20', 'hex')

export const VIDEO: SessionTrack = {
  source: {
    index: 0,
    kind: 'video',
    codec: 'h264',
    encodingName: 'H264',
    payloadType: 96,
    clockRate: 90_000,
    channels: 0,
    control: '',
    fmtp: new Map(),
  },
  parameters: { codec: 'h264', sps: SPS, pps: [PPS] },
}

export const AUDIO: SessionTrack = {
  source: {
    index: 1,
    kind: 'audio',
    codec: 'pcmu',
    encodingName: 'PCMU',
    payloadType: 0,
    clockRate: 8_000,
    channels: 1,
    control: '',
    fmtp: new Map(),
  },
  parameters: { codec: 'pcmu', sampleRate: 8_000, channels: 1 },
}

export function mediaSession(fields: Partial<MediaSession> = {}): MediaSession {
  return {
    id: 's1',
    camera: 'gate',
    stream: 'main',
    tracks: [VIDEO, AUDIO],
    video: 0,
    reason: 'first',
    clockOffset: undefined,
    ...fields,
  }
}

/** A camera whose frames are what a test says. Video runs at 25 fps, ten frames a group. */
export class TestCamera {
  readonly pool = new SlabPool(0)
  readonly hub: CameraStreamHub
  readonly #writer = new FrameWriter(this.pool)
  #number = 0
  /** Wall-clock time of the next frame. */
  wall = 1_000_000

  constructor(onDemand?: (readers: number) => void) {
    this.hub = new CameraStreamHub(onDemand)
  }

  begin(session = mediaSession()): void {
    this.#number = 0
    this.hub.begin(session)
  }

  /** `count` video frames with `size` payload bytes, each marked by its number. */
  video(count: number, size = 100): void {
    for (let i = 0; i < count; i++) {
      const number = this.#number++
      const key = number % 10 === 0
      const nal = Buffer.alloc(size)
      nal[0] = key ? 0x65 : 0x41
      nal[1] = 0x80
      nal.writeUInt32BE(number, 2)
      const length = Buffer.alloc(4)
      length.writeUInt32BE(size)
      this.#publish(0, Buffer.concat([length, nal]), number * 3_600, key, number)
      this.wall += 40
    }
  }

  /** One audio frame of 20 ms at the time of the newest video frame. */
  audio(): void {
    this.#publish(1, Buffer.alloc(160, 0xff), (this.#number - 1) * 320, true, 0)
  }

  #publish(track: number, bytes: Buffer, time: number, key: boolean, number: number): void {
    this.#writer.append(bytes, 0, bytes.length)
    const range = this.#writer.take()!
    const frame: Frame = { ...range, track, pts: time, dts: time, key, arrived: this.wall, number }
    this.hub.publish(frame)
    range.slab.release()
  }
}

export interface SentPacket {
  readonly channel: number
  readonly payloadType: number
  readonly sequence: number
  readonly timestamp: number
  readonly ssrc: number
  readonly payload: Buffer
}

/** Stands for a client's session: keeps what is sent; `pending` is what the test says. */
export class SentSession implements RtspSession {
  readonly id = 'session'
  readonly target = { path: '/gate/main', query: '' }
  readonly peer = { address: '127.0.0.1', port: 1 }
  readonly visitor = undefined
  readonly userAgent = undefined
  readonly stream = undefined
  readonly tracks: readonly (TrackTransport | undefined)[]
  readonly packets: SentPacket[] = []
  readonly control: Buffer[] = []
  pending = 0
  closed: string | undefined

  constructor(tracks = [true, true]) {
    this.tracks = tracks.map((used, index) =>
      used ? { kind: 'tcp', rtpChannel: 2 * index, rtcpChannel: 2 * index + 1, ssrc: 100 + index } : undefined,
    )
  }

  send(packets: Buffer): boolean {
    for (let at = 0; at < packets.length; ) {
      const end = at + 4 + packets.readUInt16BE(at + 2)
      const channel = packets[at + 1]!
      if (channel % 2 === 1) this.control.push(Buffer.from(packets.subarray(at + 4, end)))
      else this.packets.push(sentPacket(packets, channel, at + 4, end))
      at = end
    }
    return true
  }

  close(reason: string): void {
    this.closed ??= reason
  }

  /** Numbers of the video frames that were sent. */
  get numbers(): number[] {
    return this.packets.flatMap(({ channel, payload }) => (channel === 0 ? numberIn(payload) : []))
  }
}

/** The number of the frame that begins in the payload: a single NAL unit, or the first fragment of one. */
function numberIn(payload: Buffer): number[] {
  const type = payload[0]! & 31
  if (type === 1 || type === 5) return [payload.readUInt32BE(2)]
  return type === 28 && payload[1]! & 0x80 ? [payload.readUInt32BE(3)] : []
}

function sentPacket(packets: Buffer, channel: number, start: number, end: number): SentPacket {
  const header = emptyRtpHeader()
  if (!parseRtpHeader(packets, start, end, header)) throw new Error('not an RTP packet')
  const { payloadType, sequence, timestamp, ssrc } = header
  const payload = Buffer.from(packets.subarray(header.payloadStart, header.payloadEnd))
  return { channel, payloadType, sequence, timestamp, ssrc, payload }
}
