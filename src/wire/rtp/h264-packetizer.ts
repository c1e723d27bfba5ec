import { H264_NAL } from '../h264/index.ts'
import type { CodecParameters } from '../track.ts'
import { NalPacketizer } from './nal-packetizer.ts'

/** H.264 over RTP, RFC 6184, packetization mode 1: single NAL unit packets, FU-A, and STAP-A for the parameter sets. */
export class H264Packetizer extends NalPacketizer {
  protected readonly nalHeaderSize = 1

  protected parameterSets(parameters: CodecParameters): readonly Uint8Array[] {
    return parameters.codec === 'h264' ? [parameters.sps, ...parameters.pps] : []
  }

  protected writeFragmentHeader(target: Buffer, at: number, nal: Uint8Array, nalStart: number, flags: number): void {
    const header = nal[nalStart]!
    target[at] = (header & 0xe0) | H264_NAL.fuA
    target[at + 1] = flags | (header & 0x1f)
  }

  protected writeAggregationHeader(target: Buffer, at: number, nals: readonly Uint8Array[]): void {
    // F is any of them, NRI the highest of them (RFC 6184 section 5.7.1).
    let forbidden = 0
    let importance = 0
    for (const nal of nals) {
      forbidden |= nal[0]! & 0x80
      importance = Math.max(importance, nal[0]! & 0x60)
    }
    target[at] = forbidden | importance | H264_NAL.stapA
  }
}
