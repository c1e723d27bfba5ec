import type { CodecParameters } from '../track.ts'
import type { AccessUnitSink, Depacketizer } from './depacketizer.ts'
import { emptyRtpHeader, parseRtpHeader } from './header.ts'
import type { PacketWriter } from './packet-writer.ts'
import { copyBytes, type Packetizer, writePieces } from './packetizer.ts'

/** Formats of which each packet is a unit: G.711 (RFC 3551 section 4.5.14), and whole packets of codecs that are not ours. */
export class FrameDepacketizer implements Depacketizer {
  readonly wholePackets: boolean
  readonly #sink: AccessUnitSink

  /** `wholePackets`: the unit is the packet, RTP header and all, instead of its payload. */
  constructor(sink: AccessUnitSink, wholePackets: boolean) {
    this.#sink = sink
    this.wholePackets = wholePackets
  }

  push(packet: Uint8Array, start: number, end: number, timestamp: number): void {
    if (end <= start) return
    this.#sink.buffer.append(packet, start, end)
    this.#sink.complete({ timestamp, key: true })
  }

  flush(): void {}
}

/** G.711: a packet for each unit, cut where it is longer than a packet may be. */
export class FramePacketizer implements Packetizer {
  parameters: CodecParameters | undefined

  packetize(
    bytes: Uint8Array,
    start: number,
    end: number,
    timestamp: number,
    _key: boolean,
    writer: PacketWriter,
  ): void {
    // Each byte is one tick (of one channel), so a cut moves the time by its bytes.
    const channels = Math.max(1, this.parameters && 'channels' in this.parameters ? this.parameters.channels : 1)
    // A sample of each channel at least, however small packets may be.
    const limit = Math.max(channels, writer.payloadLimit - (writer.payloadLimit % channels))
    writePieces(bytes, start, end, limit, writer, (offset, size) =>
      writer.begin(timestamp + offset / channels, false, size),
    )
  }
}

/** Codecs that are not ours: the unit is an RTP packet, sent on with sequence number, time, source and type of this writer. */
export class PacketPacketizer implements Packetizer {
  parameters: CodecParameters | undefined
  readonly #header = emptyRtpHeader()

  packetize(
    bytes: Uint8Array,
    start: number,
    end: number,
    timestamp: number,
    _key: boolean,
    writer: PacketWriter,
  ): void {
    if (end - start > 65_535 || !parseRtpHeader(bytes, start, end, this.#header)) return
    const at = writer.beginRaw(end - start)
    const { buffer } = writer
    copyBytes(bytes, start, end, buffer, at)
    buffer[at + 1] = (buffer[at + 1]! & 0x80) | (writer.payloadType & 0x7f)
    buffer[at + 2] = writer.sequence >>> 8
    buffer[at + 3] = writer.sequence
    buffer.writeUInt32BE(timestamp >>> 0, at + 4)
    buffer.writeUInt32BE(writer.ssrc >>> 0, at + 8)
    writer.count(this.#header.payloadEnd - this.#header.payloadStart)
  }
}
