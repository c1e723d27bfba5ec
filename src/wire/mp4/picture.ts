import { parseH264Sps } from '../h264/index.ts'
import { parseH265Sps } from '../h265/index.ts'
import type { H264Parameters, H265Parameters } from '../track.ts'

/** What a sequence parameter set tells a file about the picture. */
export interface Picture {
  /** Pixels shown, cropping done; 0 where the set was not understood: decoders read it themselves. */
  readonly width: number
  readonly height: number
  /** chroma_format_idc: 0 to 3; 1 is 4:2:0. */
  readonly chromaFormat: number
  readonly bitDepthLuma: number
  readonly bitDepthChroma: number
  /** Width to height of a pixel; undefined where the stream does not say. */
  readonly pixelAspect: readonly [number, number] | undefined
  readonly colour: Colour | undefined
}

/** ISO/IEC 23091-2. */
export interface Colour {
  readonly primaries: number
  readonly transfer: number
  readonly matrix: number
  readonly fullRange: boolean
}

/** The picture of a video track. A set that is damaged or beyond us gives the usual values: the recording goes on. */
export function pictureOf(parameters: H264Parameters | H265Parameters): Picture {
  if (parameters.codec === 'h264') {
    const sps = parseH264Sps(parameters.sps)
    return sps ? { ...UNKNOWN, ...sizeOf(sps), bitDepthLuma: sps.bitDepth, bitDepthChroma: sps.bitDepth } : UNKNOWN
  }
  const sps = parseH265Sps(parameters.sps)
  return sps ? { ...UNKNOWN, ...sizeOf(sps), bitDepthLuma: sps.bitDepth, bitDepthChroma: sps.bitDepthChroma } : UNKNOWN
}

function sizeOf({ width, height, chromaFormat }: Pick<Picture, 'width' | 'height' | 'chromaFormat'>) {
  return { width, height, chromaFormat }
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
