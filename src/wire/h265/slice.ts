/** Slice types of ITU-T H.265 table 7-7. */
export const H265_SLICE = { b: 0, p: 1, i: 2 } as const

/**
 * slice_type of the slice NAL unit `bytes[start, end)`, or -1 when it cannot be told: not the first slice segment of its
 * picture, or broken. `extraBits` is num_extra_slice_header_bits of the PPS. Allocates nothing.
 *
 * Low-delay encoders write B slices that refer to the past only: B alone does not mean that pictures are reordered.
 */
export function h265SliceType(bytes: Uint8Array, start: number, end: number, extraBits = 0): number {
  if (end - start < 4) return -1
  const type = (bytes[start]! >> 1) & 0x3f
  const limit = Math.min(64, (end - start - 2) * 8)
  const bit = (position: number) => (bytes[start + 2 + (position >> 3)]! >> (7 - (position & 7))) & 1
  if (bit(0) === 0) return -1
  let position = type >= 16 && type <= 23 ? 2 : 1 // no_output_of_prior_pics_flag
  let value = -1
  for (let field = 0; field < 2; field++) {
    let zeros = 0
    while (position < limit && bit(position) === 0) {
      zeros++
      position++
    }
    position++
    if (position + zeros > limit || zeros > 8) return -1
    value = 1
    for (let i = 0; i < zeros; i++) value = value * 2 + bit(position++)
    value -= 1
    if (field === 0) position += extraBits
  }
  return value <= 2 ? value : -1
}
