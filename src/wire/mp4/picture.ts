import type { DisplayVui } from '../bitstream/index.ts'
import { parseH264Sps } from '../h264/index.ts'
import { parseH265Sps } from '../h265/index.ts'
import type { H264Parameters, H265Parameters } from '../track.ts'

/** What a sequence parameter set tells a file about the picture. */
export interface Picture extends DisplayVui {
  /** Pixels shown, cropping done; 0 where the set was not understood: decoders read it themselves. */
  readonly width: number
  readonly height: number
  /** chroma_format_idc: 0 to 3; 1 is 4:2:0. */
  readonly chromaFormat: number
  readonly bitDepthLuma: number
  readonly bitDepthChroma: number
}

const UNKNOWN: Picture = {
  width: 0,
  height: 0,
  chromaFormat: 1,
  bitDepthLuma: 8,
  bitDepthChroma: 8,
  pixelAspect: undefined,
  colour: undefined,
}

/** The picture of a video track. A set that is damaged or beyond us gives the usual values: the recording goes on. */
export function pictureOf(parameters: H264Parameters | H265Parameters): Picture {
  if (parameters.codec === 'h264') {
    const sps = parseH264Sps(parameters.sps)
    // Streams whose chroma is of another depth than their luma do not come from cameras.
    return sps ? { ...sps, bitDepthLuma: sps.bitDepth, bitDepthChroma: sps.bitDepth } : UNKNOWN
  }
  const sps = parseH265Sps(parameters.sps)
  return sps ? { ...sps, bitDepthLuma: sps.bitDepth } : UNKNOWN
}
