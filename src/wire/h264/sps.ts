import { BitReader, type DisplayVui, plausibleFps, readDisplayVui, removeEmulation } from '../bitstream/index.ts'

/** What a sequence parameter set says of the pictures. */
export interface H264Sps extends DisplayVui {
  readonly id: number
  /** profile_idc: 66 baseline, 77 main, 100 high... */
  readonly profile: number
  /** The byte of constraint_set flags that stands between profile and level. */
  readonly constraints: number
  /** level_idc: 31 is level 3.1. */
  readonly level: number
  /** 0 monochrome, 1 4:2:0, 2 4:2:2, 3 4:4:4. */
  readonly chromaFormat: number
  readonly bitDepth: number
  /** Pixels, after cropping. */
  readonly width: number
  readonly height: number
  /** False: pictures may be fields (interlaced). */
  readonly frameMbsOnly: boolean
  /** Frames per second by the timing info; undefined where there is none, or none that can be true. */
  readonly fps: number | undefined
  /** Most frames that come before one in decoding order and after it in output order; undefined where it is not said. */
  readonly reorderFrames: number | undefined
}

/** Profiles whose SPS carries chroma format, bit depths and scaling lists (ITU-T H.264 section 7.3.2.1.1). */
const HIGH_PROFILES = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135])

/** Bytes of an SPS that are read: far more than any that has scaling lists. */
const SPS_LIMIT = 4096

/** Reads a sequence parameter set (NAL unit, header byte included). Undefined when it is none, or contradicts itself. */
export function parseH264Sps(nal: Uint8Array): H264Sps | undefined {
  if (nal.length < 4 || nal.length > SPS_LIMIT || (nal[0]! & 0x1f) !== 7) return undefined
  const reader = new BitReader(removeEmulation(nal, 1))
  const profile = reader.bits(8)
  const constraints = reader.bits(8)
  const level = reader.bits(8)
  const id = reader.unsigned()
  let chromaFormat = 1
  let bitDepth = 8
  let separatePlanes = false
  if (HIGH_PROFILES.has(profile)) {
    chromaFormat = reader.unsigned()
    if (chromaFormat > 3) return undefined
    if (chromaFormat === 3) separatePlanes = reader.flag()
    bitDepth = 8 + reader.unsigned()
    reader.unsigned() // bit_depth_chroma_minus8
    reader.flag() // qpprime_y_zero_transform_bypass_flag
    if (reader.flag()) {
      const lists = chromaFormat === 3 ? 12 : 8
      for (let i = 0; i < lists; i++) if (reader.flag()) skipScalingList(reader, i < 6 ? 16 : 64)
    }
  }
  reader.unsigned() // log2_max_frame_num_minus4
  const orderType = reader.unsigned()
  if (orderType === 0) {
    reader.unsigned() // log2_max_pic_order_cnt_lsb_minus4
  } else if (orderType === 1) {
    reader.flag() // delta_pic_order_always_zero_flag
    reader.signed()
    reader.signed()
    const cycle = reader.unsigned()
    if (cycle > 255) return undefined
    for (let i = 0; i < cycle; i++) reader.signed()
  } else if (orderType > 2) return undefined
  reader.unsigned() // max_num_ref_frames
  reader.flag() // gaps_in_frame_num_value_allowed_flag
  const widthInMbs = reader.unsigned() + 1
  const heightInUnits = reader.unsigned() + 1
  const frameMbsOnly = reader.flag()
  if (!frameMbsOnly) reader.flag() // mb_adaptive_frame_field_flag
  reader.flag() // direct_8x8_inference_flag
  let cropX = 0
  let cropY = 0
  if (reader.flag()) {
    cropX = reader.unsigned() + reader.unsigned()
    cropY = reader.unsigned() + reader.unsigned()
  }
  if (reader.overrun || id > 31 || bitDepth > 14) return undefined
  const fieldFactor = frameMbsOnly ? 1 : 2
  const subsampled = !separatePlanes && chromaFormat !== 0
  const width = widthInMbs * 16 - cropX * (subsampled && chromaFormat !== 3 ? 2 : 1)
  const height = heightInUnits * 16 * fieldFactor - cropY * (subsampled && chromaFormat === 1 ? 2 : 1) * fieldFactor
  if (width < 1 || height < 1 || width > 32_768 || height > 32_768) return undefined
  // A VUI that ends too early (some cameras cut it) costs only itself.
  const vui: Vui = reader.flag() ? parseVui(reader) : { pixelAspect: undefined, colour: undefined }
  // Neither baseline nor order type 2 can reorder (ITU-T H.264 sections A.2.1 and 8.2.1.3).
  const ordered = profile === 66 || orderType === 2 || allIntra(profile, constraints)
  return {
    id,
    profile,
    constraints,
    level,
    chromaFormat,
    bitDepth,
    width,
    height,
    frameMbsOnly,
    pixelAspect: vui.pixelAspect,
    colour: vui.colour,
    fps: vui.fps,
    reorderFrames: ordered ? 0 : vui.reorderFrames,
  }
}

/** The intra profiles: constraint_set3_flag with a high profile, and CAVLC 4:4:4 Intra. */
function allIntra(profile: number, constraints: number): boolean {
  return profile === 44 || ((constraints & 0x10) !== 0 && [100, 110, 122, 244].includes(profile))
}

function skipScalingList(reader: BitReader, size: number): void {
  let last = 8
  let next = 8
  for (let i = 0; i < size; i++) {
    if (next !== 0) next = (((last + reader.signed()) % 256) + 256) % 256
    if (next !== 0) last = next
  }
}

interface Vui extends DisplayVui {
  fps?: number | undefined
  reorderFrames?: number | undefined
}

/** VUI parameters, ITU-T H.264 section E.1.1. */
function parseVui(reader: BitReader): Vui {
  const vui: Vui = readDisplayVui(reader)
  if (reader.flag()) {
    const unit = reader.bits(32)
    const scale = reader.bits(32)
    reader.flag() // fixed_frame_rate_flag
    // The unit is that of a field: two of them make a frame.
    if (!reader.overrun) vui.fps = plausibleFps(scale / (2 * unit))
  }
  const nalHrd = reader.flag()
  if (nalHrd) skipHrd(reader)
  const vclHrd = reader.flag()
  if (vclHrd) skipHrd(reader)
  if (nalHrd || vclHrd) reader.flag() // low_delay_hrd_flag
  reader.flag() // pic_struct_present_flag
  if (reader.flag()) {
    reader.flag() // motion_vectors_over_pic_boundaries_flag
    for (let i = 0; i < 4; i++) reader.unsigned()
    const reorder = reader.unsigned()
    const buffering = reader.unsigned()
    if (!reader.overrun && reorder <= 16 && reorder <= buffering) vui.reorderFrames = reorder
  }
  return vui
}

function skipHrd(reader: BitReader): void {
  const count = reader.unsigned() + 1
  reader.skip(8)
  for (let i = 0; i < count && i < 32; i++) {
    reader.unsigned()
    reader.unsigned()
    reader.flag()
  }
  reader.skip(20)
}

/** seq_parameter_set_id of an SPS NAL unit `bytes[start, end)`, or -1. */
export function h264SpsId(bytes: Uint8Array, start: number, end: number): number {
  const reader = new BitReader(bytes, start + 4, Math.min(end, start + 8))
  const id = reader.unsigned()
  return reader.overrun || id > 31 ? -1 : id
}

/** pic_parameter_set_id of a PPS NAL unit `bytes[start, end)`, or -1. */
export function h264PpsId(bytes: Uint8Array, start: number, end: number): number {
  const reader = new BitReader(bytes, start + 1, Math.min(end, start + 8))
  const id = reader.unsigned()
  return reader.overrun || id > 255 ? -1 : id
}

/** seq_parameter_set_id that a PPS NAL unit refers to, or -1. */
export function h264PpsSpsId(pps: Uint8Array): number {
  const reader = new BitReader(pps, 1, Math.min(pps.length, 8))
  reader.unsigned()
  const id = reader.unsigned()
  return reader.overrun || id > 31 ? -1 : id
}

/** `avc1.4d401f`: profile, constraints and level of an SPS in hex (RFC 6381 section 3.3). */
export function h264CodecString(sps: Uint8Array): string {
  const hex = (value: number | undefined) => (value ?? 0).toString(16).padStart(2, '0')
  return `avc1.${hex(sps[1])}${hex(sps[2])}${hex(sps[3])}`
}
