/** NAL unit types of ITU-T H.265 table 7-1 that vmsctl looks at, and the packet types of RFC 7798. */
export const H265_NAL = {
  blaFirst: 16,
  cra: 21,
  irapLast: 23,
  vps: 32,
  sps: 33,
  pps: 34,
  accessUnitDelimiter: 35,
  filler: 38,
  prefixSei: 39,
  suffixSei: 40,
  aggregation: 48,
  fragment: 49,
} as const

/** nal_unit_type of the first byte of a NAL unit. */
export function h265NalType(header: number): number {
  return (header >> 1) & 0x3f
}

/** The NAL unit holds a piece of a picture. */
export function isH265Slice(type: number): boolean {
  return type <= 9 || (type >= 16 && type <= 21)
}

/** A decoder can start at a picture of this type: BLA, IDR, CRA. */
export function isH265Key(type: number): boolean {
  return type >= 16 && type <= 21
}
