import type { CodecParameters } from '../track.ts'
import type { PacketWriter } from './packet-writer.ts'
import { type Packetizer, writePieces } from './packetizer.ts'

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
    writePieces(bytes, start, end, limit, writer, (_offset, part, last) => {
      const target = writer.begin(timestamp, last, part + HEADER)
      const { buffer } = writer
      buffer[target] = 0
      buffer[target + 1] = 16
      buffer[target + 2] = size >> 5
      buffer[target + 3] = (size << 3) & 0xff
      return target + HEADER
    })
  }
}
