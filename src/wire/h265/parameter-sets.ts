import { BitReader, removeEmulation } from '../bitstream/index.ts'
import { parseH265Sps } from './sps.ts'

/** vps_video_parameter_set_id of a VPS NAL unit `bytes[start, end)`, or -1. */
export function h265VpsId(bytes: Uint8Array, start: number, end: number): number {
  return end - start < 3 ? -1 : bytes[start + 2]! >> 4
}

/** sps_seq_parameter_set_id of an SPS NAL unit, or -1. It stands behind a structure of variable length. */
export function h265SpsId(nal: Uint8Array): number {
  return parseH265Sps(nal)?.id ?? -1
}

/** What of a picture parameter set is needed to read slice headers. */
export interface H265Pps {
  readonly id: number
  readonly spsId: number
  /** Bits in front of slice_type. */
  readonly extraSliceHeaderBits: number
}

/** Reads the beginning of a PPS NAL unit; undefined when it is none. */
export function parseH265Pps(nal: Uint8Array): H265Pps | undefined {
  if (nal.length < 4 || ((nal[0]! >> 1) & 0x3f) !== 34) return undefined
  const reader = new BitReader(removeEmulation(nal, 2, Math.min(nal.length, 16)))
  const id = reader.unsigned()
  const spsId = reader.unsigned()
  reader.skip(2) // dependent_slice_segments_enabled_flag, output_flag_present_flag
  const extraSliceHeaderBits = reader.bits(3)
  return reader.overrun || id > 63 || spsId > 15 ? undefined : { id, spsId, extraSliceHeaderBits }
}
