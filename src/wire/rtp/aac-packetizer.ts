import type { CodecParameters } from '../track.ts'
import type { PacketWriter } from './packet-writer.ts'
import { copyBytes, type Packetizer } from './packetizer.ts'

/** AU-headers-length and one AU header. */
const HEADER = 4

/** AAC over RTP, RFC 3640 mode AAC-hbr (sizeLength 13, indexLength 3, indexDeltaLength 3), a frame a packet. */
export class AacPacketizer implements Packetizer {
  parameters: CodecParameters | undefined

  packetize(
    bytes: Uint8Array,
    start: number,
    end: number,
    timestamp: number,
    _key: boolean,
    writer: PacketWriter,
  ): void {
    const size = end - start
    // The size field has 13 bits.
    if (size < 1 || size > 0x1fff) return
    const limit = writer.payloadLimit - HEADER
    writer.reserve(size + Math.ceil(size / limit) * (writer.overhead + HEADER))
    for (let at = start; at < end; ) {
      const part = Math.min(limit, end - at)
      const target = writer.begin(timestamp, at + part === end, part + HEADER)
      const { buffer } = writer
      buffer[target] = 0
      buffer[target + 1] = 16
      buffer[target + 2] = size >> 5
      buffer[target + 3] = (size << 3) & 0xff
      copyBytes(bytes, at, at + part, buffer, target + HEADER)
      at += part
    }
  }
}
