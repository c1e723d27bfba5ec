import { createPacketizer, type Packetizer, PacketWriter } from '../../wire/rtp/index.ts'
import type { SessionTrack } from '../frame.ts'
import type { RtpStart, TrackTransport } from '../rtsp-server/index.ts'

/** One track on its way to one reader: packetizer, sequence numbers and timestamps, both from a random beginning. */
export class TrackSender {
  readonly writer: PacketWriter
  readonly start: RtpStart
  readonly #clockRate: number
  readonly #packetizer: Packetizer
  /** What is added to a frame's time of the session that runs now, ticks. */
  #shift = 0

  /** `random` gives a number in [0, 1). */
  constructor(track: SessionTrack, transport: TrackTransport, random: () => number) {
    this.start = { sequence: Math.floor(random() * 2 ** 16), timestamp: Math.floor(random() * 2 ** 32) }
    this.writer = new PacketWriter({
      payloadType: track.source.payloadType,
      ssrc: transport.ssrc,
      sequence: this.start.sequence,
      channel: transport.rtpChannel,
    })
    this.#clockRate = track.source.clockRate
    this.#packetizer = createPacketizer(track.source, track.parameters)
  }

  get clockRate(): number {
    return this.#clockRate
  }

  /** Parameters that go out with the next key frame. */
  setParameters(parameters: SessionTrack['parameters']): void {
    this.#packetizer.parameters = parameters
  }

  /** A session begins whose times lie `offset` seconds behind the reader's own. */
  rebase(offset: number): void {
    this.#shift = this.start.timestamp + Math.round(offset * this.#clockRate)
  }

  /** RTP timestamp of a moment, seconds since the reader's first frame. */
  timestampAt(time: number): number {
    return modulo32(this.start.timestamp + Math.round(time * this.#clockRate))
  }

  /** Writes the packets of the access unit `bytes[start, end)`; `pts` is in ticks of its session. */
  packetize(bytes: Buffer, start: number, end: number, pts: number, key: boolean): void {
    this.#packetizer.packetize(bytes, start, end, modulo32(this.#shift + pts), key, this.writer)
  }
}

/** `>>>` alone would do, but only for numbers below 2^53. */
function modulo32(value: number): number {
  const rest = value % 2 ** 32
  return rest < 0 ? rest + 2 ** 32 : rest
}
