import {
  type AccessUnit,
  type AccessUnitSink,
  ClockComparison,
  createDepacketizer,
  type Depacketizer,
  DROP,
  emptyRtpHeader,
  parseRtcp,
  parseRtpHeader,
  type ReceptionReport,
  RtpReceiver,
  TimestampUnwrapper,
} from '../../wire/rtp/index.ts'
import type { CodecParameters, Track } from '../../wire/track.ts'
import { FrameWriter } from '../memory/frame-writer.ts'
import type { SlabPool } from '../memory/slab.ts'
import type { SessionAssembler } from './session-assembler.ts'

/** One track of one connection: RTP packets in, access units out to the {@link SessionAssembler}. */
export class TrackReceiver implements AccessUnitSink {
  readonly buffer: FrameWriter
  readonly receiver: RtpReceiver
  readonly clock = new ClockComparison()
  readonly #index: number
  readonly #track: Track
  readonly #assembler: SessionAssembler
  readonly #header = emptyRtpHeader()
  readonly #depacketizer: Depacketizer
  #unwrapper: TimestampUnwrapper
  /** Monotonic milliseconds of the packet in hand. */
  #now = 0
  /** Packets are missing since the last one that the depacketizer saw. */
  #lost = false
  /** Access units that could not be used. */
  damagedUnits = 0

  constructor(
    index: number,
    track: Track,
    parameters: CodecParameters | undefined,
    assembler: SessionAssembler,
    pool: SlabPool,
  ) {
    this.#index = index
    this.#track = track
    this.#assembler = assembler
    this.buffer = new FrameWriter(pool)
    this.receiver = new RtpReceiver(track.clockRate)
    this.#unwrapper = new TimestampUnwrapper(track.clockRate)
    this.#depacketizer = createDepacketizer(track, parameters, this)
  }

  /** An RTP packet, `bytes[start, end)`; `now` is monotonic milliseconds. */
  packet(bytes: Buffer, start: number, end: number, now: number): void {
    const header = this.#header
    if (!parseRtpHeader(bytes, start, end, header)) {
      this.damagedUnits++
      return
    }
    // Some cameras send another payload type (comfort noise, a second codec) on the same channel: one of the same source has
    // its place among the sequence numbers, one of another source has not.
    if (header.payloadType !== this.#track.payloadType) {
      if (header.ssrc === this.receiver.ssrc) this.receiver.receive(header, now)
      return
    }
    const missing = this.receiver.receive(header, now)
    if (missing === DROP) return
    if (missing > 0) this.#lost = true
    this.#now = now
    if (this.receiver.restarted) {
      this.#depacketizer.flush()
      this.#unwrapper = new TimestampUnwrapper(this.#track.clockRate)
      this.#assembler.restarted(this.#index)
    }
    const lost = this.#lost
    this.#lost = false
    const from = this.#depacketizer.wholePackets ? start : header.payloadStart
    const to = this.#depacketizer.wholePackets ? end : header.payloadEnd
    this.#depacketizer.push(bytes, from, to, header.timestamp, header.marker, lost)
  }

  /** An RTCP packet. True when the camera says goodbye. `wall`: milliseconds since the epoch. */
  control(bytes: Buffer, start: number, end: number, now: number, wall: number): boolean {
    let goodbye = false
    for (const packet of parseRtcp(bytes, start, end)) {
      // One that names nobody, or another source, ends nothing (RFC 3550 section 6.6).
      if (packet.type === 'goodbye') goodbye ||= packet.sources.includes(this.receiver.ssrc)
      if (packet.type !== 'sender-report') continue
      this.receiver.senderReport(packet.ntpMiddle, now)
      if (packet.wall === undefined) continue
      this.clock.report(packet.wall, wall)
      if (this.#track.kind === 'video' && this.clock.offset !== undefined)
        this.#assembler.clockOffset = this.clock.offset
    }
    return goodbye
  }

  report(now: number): ReceptionReport | undefined {
    return this.receiver.report(now)
  }

  complete(unit: AccessUnit): void {
    const range = this.buffer.take()
    if (!range) {
      this.damaged('access unit too large')
      return
    }
    const ticks = this.#unwrapper.unwrap(unit.timestamp, this.#now)
    if (this.#unwrapper.jumped) this.#assembler.stepped(this.#index)
    this.#assembler.unit(this.#index, range, ticks, unit.key)
  }

  parameters(parameters: CodecParameters): void {
    this.#assembler.parameters(this.#index, parameters)
  }

  damaged(_reason: string): void {
    this.damagedUnits++
  }

  /** Hands on what is whole, and gives the memory back. */
  close(): void {
    this.#depacketizer.flush()
    this.buffer.close()
  }
}
