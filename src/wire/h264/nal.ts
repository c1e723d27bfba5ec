/** NAL unit types of ITU-T H.264 table 7-1 that vmsctl looks at, and the packet types of RFC 6184 (24 and more). */
export const H264_NAL = {
  slice: 1,
  idr: 5,
  sei: 6,
  sps: 7,
  pps: 8,
  accessUnitDelimiter: 9,
  filler: 12,
  stapA: 24,
  stapB: 25,
  mtap16: 26,
  mtap24: 27,
  fuA: 28,
  fuB: 29,
} as const

/** The NAL unit holds a piece of the picture: coded slice, data partition, IDR slice. */
export function isH264Slice(type: number): boolean {
  return type >= 1 && type <= 5
}
