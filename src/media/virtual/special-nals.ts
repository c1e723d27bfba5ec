import { Buffer } from 'node:buffer'

type VideoCodec = 'h264' | 'h265'

/** First bytes of a NAL unit: SEI (H.264 type 6; H.265 prefix SEI, type 39) and filler data (12; 38). */
const HEADERS = {
  h264: { sei: [0x06], filler: [0x0c] },
  h265: { sei: [39 << 1, 1], filler: [38 << 1, 1] },
} as const

/** user_data_unregistered (H.264 D.1.6, H.265 D.2.7). */
const USER_DATA = 5
/** rbsp_trailing_bits of a whole byte. */
const TRAILING = 0x80

/**
 * An SEI NAL unit with one user_data_unregistered message. `payload` begins with its UUID, has at most 254 bytes, and no
 * zero bytes, so that it stands there as it is.
 */
export function markSei(codec: VideoCodec, payload: Uint8Array): Buffer {
  return Buffer.from([...HEADERS[codec].sei, USER_DATA, payload.length, ...payload, TRAILING])
}

/** A filler data NAL unit of `size` bytes (H.264 7.3.2.7, H.265 7.3.2.8), {@link fillerLimit} at least. */
export function fillerNal(codec: VideoCodec, size: number): Buffer {
  const nal = Buffer.alloc(size, 0xff)
  nal.set(HEADERS[codec].filler)
  nal[size - 1] = TRAILING
  return nal
}

/** Bytes of the smallest filler data NAL unit. */
export function fillerLimit(codec: VideoCodec): number {
  return HEADERS[codec].filler.length + 1
}
