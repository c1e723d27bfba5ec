import type { BitReader } from './bit-reader.ts'

/** How pictures are to be shown, by the VUI of a sequence parameter set. */
export interface DisplayVui {
  /** Width to height of a pixel; undefined where the stream does not say. */
  readonly pixelAspect: readonly [number, number] | undefined
  readonly colour: Colour | undefined
}

/** Code points of ISO/IEC 23091-2. */
interface Colour {
  readonly primaries: number
  readonly transfer: number
  readonly matrix: number
  /** Luma from 0 to 255 and not from 16 to 235 (at 8 bits). */
  readonly fullRange: boolean
}

/** aspect_ratio_idc 1 to 16, ITU-T H.264 table E-1 and H.265 table E.1. */
const PIXEL_ASPECTS: readonly (readonly [number, number])[] = [
  [1, 1],
  [12, 11],
  [10, 11],
  [16, 11],
  [40, 33],
  [24, 11],
  [20, 11],
  [32, 11],
  [80, 33],
  [18, 11],
  [15, 11],
  [64, 33],
  [160, 99],
  [4, 3],
  [3, 2],
  [2, 1],
]

const EXTENDED_SAR = 255

/**
 * Reads the beginning of vui_parameters, which H.264 and H.265 have in common: from aspect_ratio_info_present_flag to the
 * chroma locations. What a VUI that ends too early does not say is undefined.
 */
export function readDisplayVui(reader: BitReader): DisplayVui {
  let pixelAspect: readonly [number, number] | undefined
  let colour: Colour | undefined
  if (reader.flag()) {
    const index = reader.bits(8)
    if (index !== EXTENDED_SAR) pixelAspect = PIXEL_ASPECTS[index - 1]
    else pixelAspect = plausibleAspect(reader.bits(16), reader.bits(16))
  }
  if (reader.overrun) pixelAspect = undefined
  if (reader.flag()) reader.skip(1) // overscan
  if (reader.flag()) {
    reader.skip(3) // video_format
    const fullRange = reader.flag()
    if (reader.flag()) {
      colour = { primaries: reader.bits(8), transfer: reader.bits(8), matrix: reader.bits(8), fullRange }
    }
  }
  if (reader.overrun) colour = undefined
  if (reader.flag()) {
    reader.unsigned() // chroma_sample_loc_type_top_field
    reader.unsigned()
  }
  return { pixelAspect, colour }
}

/** Some cameras write 0 or nonsense here; nothing is stretched more than four times. */
function plausibleAspect(width: number, height: number): readonly [number, number] | undefined {
  return width > 0 && height > 0 && width <= height * 4 && height <= width * 4 ? [width, height] : undefined
}
