import { BitReader, type DisplayVui, plausibleFps, readDisplayVui, removeEmulation } from '../bitstream/index.ts'

/** general_profile_space to general_level_idc of a profile_tier_level structure. */
interface H265ProfileTierLevel {
  readonly profileSpace: number
  readonly highTier: boolean
  /** 1 Main, 2 Main 10, 4 range extensions. */
  readonly profile: number
  /** 32 bits; bit 31 is general_profile_compatibility_flag[0]. */
  readonly compatibility: number
  /** Six bytes of constraint flags. */
  readonly constraints: Uint8Array
  /** 30 times the level: 93 is 3.1. */
  readonly level: number
}

/** What a sequence parameter set says of the pictures. */
export interface H265Sps extends H265ProfileTierLevel, DisplayVui {
  readonly id: number
  /** 0 monochrome, 1 4:2:0, 2 4:2:2, 3 4:4:4. */
  readonly chromaFormat: number
  readonly bitDepth: number
  readonly bitDepthChroma: number
  /** Pixels, after the conformance window. */
  readonly width: number
  readonly height: number
  readonly fps: number | undefined
  /** Most pictures that come before one in decoding order and after it in output order. */
  readonly reorderFrames: number
  /** Sub-layers of the highest temporal layer, 1 to 7. */
  readonly temporalLayers: number
  readonly temporalIdNested: boolean
}

const SPS_LIMIT = 4096

/** Reads a sequence parameter set (NAL unit, header bytes included). Undefined when it is none, or contradicts itself. */
export function parseH265Sps(nal: Uint8Array): H265Sps | undefined {
  if (nal.length < 16 || nal.length > SPS_LIMIT || ((nal[0]! >> 1) & 0x3f) !== 33) return undefined
  const reader = new BitReader(removeEmulation(nal, 2))
  reader.skip(4) // sps_video_parameter_set_id
  const subLayers = reader.bits(3)
  if (subLayers > 6) return undefined
  const temporalIdNested = reader.flag()
  const general = readProfileTierLevel(reader, subLayers)
  const id = reader.unsigned()
  const chromaFormat = reader.unsigned()
  if (id > 15 || chromaFormat > 3) return undefined
  const separatePlanes = chromaFormat === 3 && reader.flag()
  let width = reader.unsigned()
  let height = reader.unsigned()
  if (reader.flag()) {
    const unitX = !separatePlanes && (chromaFormat === 1 || chromaFormat === 2) ? 2 : 1
    const unitY = !separatePlanes && chromaFormat === 1 ? 2 : 1
    width -= (reader.unsigned() + reader.unsigned()) * unitX
    height -= (reader.unsigned() + reader.unsigned()) * unitY
  }
  const bitDepth = 8 + reader.unsigned()
  const bitDepthChroma = 8 + reader.unsigned()
  const orderBits = reader.unsigned() + 4
  let reorderFrames = 0
  // Where only the highest sub-layer is described, its values are those of all.
  for (let i = reader.flag() ? 0 : subLayers; i <= subLayers; i++) {
    reader.unsigned() // sps_max_dec_pic_buffering_minus1
    reorderFrames = reader.unsigned()
    reader.unsigned() // sps_max_latency_increase_plus1
  }
  if (reader.overrun || reorderFrames > 16 || orderBits > 16 || bitDepth > 16 || bitDepthChroma > 16) return undefined
  if (width < 1 || height < 1 || width > 32_768 || height > 32_768) return undefined
  return {
    ...general,
    id,
    chromaFormat,
    bitDepth,
    bitDepthChroma,
    width,
    height,
    ...readVui(reader, orderBits),
    reorderFrames,
    temporalLayers: subLayers + 1,
    temporalIdNested,
  }
}

/** profile_tier_level(1, subLayers), ITU-T H.265 section 7.3.3. */
function readProfileTierLevel(reader: BitReader, subLayers: number): H265ProfileTierLevel {
  const profileSpace = reader.bits(2)
  const highTier = reader.flag()
  const profile = reader.bits(5)
  const compatibility = reader.bits(32)
  const constraints = Uint8Array.from({ length: 6 }, () => reader.bits(8))
  const level = reader.bits(8)
  const present: boolean[] = []
  for (let i = 0; i < subLayers; i++) present.push(reader.flag(), reader.flag())
  if (subLayers > 0) reader.skip((8 - subLayers) * 2)
  for (let i = 0; i < subLayers; i++) {
    if (present[i * 2]) reader.skip(88)
    if (present[i * 2 + 1]) reader.skip(8)
  }
  return { profileSpace, highTier, profile, compatibility, constraints, level }
}

interface Vui extends DisplayVui {
  readonly fps: number | undefined
}

const NO_VUI: Vui = { pixelAspect: undefined, colour: undefined, fps: undefined }

/** Reads on from the sub-layer ordering info to the VUI; what is not there, or cannot be read, is undefined. */
function readVui(reader: BitReader, orderBits: number): Vui {
  for (let i = 0; i < 6; i++) reader.unsigned() // block sizes and transform depths
  if (reader.flag() && reader.flag()) skipScalingLists(reader)
  reader.skip(2) // amp_enabled_flag, sample_adaptive_offset_enabled_flag
  if (reader.flag()) {
    reader.skip(8) // PCM bit depths
    reader.unsigned()
    reader.unsigned()
    reader.skip(1)
  }
  if (!skipReferenceSets(reader)) return NO_VUI
  if (reader.flag()) {
    const count = reader.unsigned()
    if (count > 32) return NO_VUI
    for (let i = 0; i < count; i++) reader.skip(orderBits + 1)
  }
  reader.skip(2) // temporal MVP, strong intra smoothing
  if (reader.overrun || !reader.flag()) return NO_VUI
  const display = readDisplayVui(reader)
  reader.skip(3) // neutral chroma, field_seq_flag, frame_field_info
  if (reader.flag()) for (let i = 0; i < 4; i++) reader.unsigned() // default display window
  if (!reader.flag()) return { ...display, fps: undefined }
  const unit = reader.bits(32)
  const scale = reader.bits(32)
  return { ...display, fps: reader.overrun ? undefined : plausibleFps(scale / unit) }
}

/** scaling_list_data, section 7.3.4. */
function skipScalingLists(reader: BitReader): void {
  for (let size = 0; size < 4; size++) {
    for (let matrix = 0; matrix < 6 && !reader.overrun; matrix += size === 3 ? 3 : 1) {
      if (!reader.flag()) {
        reader.unsigned()
        continue
      }
      if (size > 1) reader.signed()
      const count = Math.min(64, 1 << (4 + size * 2))
      for (let i = 0; i < count; i++) reader.signed()
    }
  }
}

/** The short-term reference picture sets, section 7.3.7. False when they make no sense. */
function skipReferenceSets(reader: BitReader): boolean {
  const count = reader.unsigned()
  if (count > 64) return false
  let previous = 0
  for (let index = 0; index < count && !reader.overrun; index++) {
    if (index > 0 && reader.flag()) {
      reader.skip(1) // delta_rps_sign
      reader.unsigned()
      let pictures = 0
      for (let i = 0; i <= previous; i++) {
        // used_by_curr_pic_flag, else use_delta_flag: either keeps the picture in the set.
        if (reader.flag() || reader.flag()) pictures++
      }
      previous = pictures
    } else {
      const negative = reader.unsigned()
      const positive = reader.unsigned()
      if (negative > 16 || positive > 16) return false
      for (let i = 0; i < negative + positive; i++) {
        reader.unsigned()
        reader.skip(1)
      }
      previous = negative + positive
    }
  }
  return !reader.overrun
}
