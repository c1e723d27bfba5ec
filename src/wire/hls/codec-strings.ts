import { aacCodecString } from '../audio/index.ts'
import { h264CodecString } from '../h264/index.ts'
import { h265CodecString } from '../h265/index.ts'
import type { CodecParameters } from '../track.ts'

/** The name of a codec in CODECS (RFC 6381, ISO/IEC 14496-15 annex E); undefined for what has no place in HLS (G.711). */
export function hlsCodec(parameters: CodecParameters): string | undefined {
  switch (parameters.codec) {
    case 'h264':
      return h264CodecString(parameters.sps)
    case 'h265':
      return h265CodecString(parameters.sps)
    case 'aac':
      return aacCodecString(parameters.config)
    default:
      return undefined
  }
}
