/** Slice types of ITU-T H.264 table 7-6, modulo 5. */
export const H264_SLICE = { p: 0, b: 1, i: 2, sp: 3, si: 4 } as const

/** Bits of a slice header that are looked at: enough for two Exp-Golomb codes of pictures up to 16K. */
const LIMIT = 64

/**
 * slice_type modulo 5 of the slice NAL unit `bytes[start, end)`, or -1 when it has none that can be read.
 * Allocates nothing.
 */
export function h264SliceType(bytes: Uint8Array, start: number, end: number): number {
  // Behind the one byte of NAL header: first_mb_in_slice ue(v), slice_type ue(v). Both together are too short to contain
  // two zero bytes, so there is no emulation prevention to undo.
  const limit = Math.min(LIMIT, (end - start - 1) * 8)
  let position = 0
  let value = -1
  for (let field = 0; field < 2; field++) {
    let zeros = 0
    while (position < limit && bit(bytes, start + 1, position) === 0) {
      zeros++
      position++
    }
    position++
    if (position + zeros > limit || zeros > 24) return -1
    value = 1
    for (let i = 0; i < zeros; i++) value = value * 2 + bit(bytes, start + 1, position++)
    value -= 1
  }
  return value >= 0 && value <= 9 ? value % 5 : -1
}

function bit(bytes: Uint8Array, from: number, position: number): number {
  return (bytes[from + (position >> 3)]! >> (7 - (position & 7))) & 1
}
