import { H265_NAL } from '../h265/index.ts'
import type { CodecParameters } from '../track.ts'
import { NalPacketizer } from './nal-packetizer.ts'

/** H.265 over RTP, RFC 7798: single NAL unit packets, fragmentation units, one aggregation packet for the parameter sets. */
export class H265Packetizer extends NalPacketizer {
  protected readonly nalHeaderSize = 2

  protected parameterSets(parameters: CodecParameters): readonly Uint8Array[] {
    return parameters.codec === 'h265' ? [parameters.vps, parameters.sps, ...parameters.pps] : []
  }

  protected writeFragmentHeader(target: Buffer, at: number, nal: Uint8Array, nalStart: number, flags: number): void {
    const header = nal[nalStart]!
    target[at] = (header & 0x81) | (H265_NAL.fragment << 1)
    target[at + 1] = nal[nalStart + 1]!
    target[at + 2] = flags | ((header >> 1) & 0x3f)
  }

  protected writeAggregationHeader(target: Buffer, at: number): void {
    // Parameter sets are of layer 0 and temporal id 0 (RFC 7798 section 4.4.2: the lowest of all).
    target[at] = H265_NAL.aggregation << 1
    target[at + 1] = 1
  }
}
