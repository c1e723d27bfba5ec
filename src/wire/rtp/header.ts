/** The fields of an RTP header, and where its payload lies. One object is filled again for every packet. */
export interface RtpHeader {
  payloadType: number
  marker: boolean
  /** 16 bits. */
  sequence: number
  /** 32 bits, unsigned. */
  timestamp: number
  /** 32 bits, unsigned. */
  ssrc: number
  /** The payload is `[payloadStart, payloadEnd)` of the buffer that was parsed: no padding, no extension. */
  payloadStart: number
  payloadEnd: number
}

/** Bytes of an RTP header without CSRCs and extension. */
export const RTP_HEADER_SIZE = 12

/** An object for {@link parseRtpHeader} to fill. */
export function emptyRtpHeader(): RtpHeader {
  return { payloadType: 0, marker: false, sequence: 0, timestamp: 0, ssrc: 0, payloadStart: 0, payloadEnd: 0 }
}

/**
 * Reads the RTP header (RFC 3550 section 5.1) of the packet `bytes[start, end)` into `out`. False when it is no RTP
 * packet: too short, other version, lengths that do not fit; `out` is then undefined. Allocates nothing.
 */
export function parseRtpHeader(bytes: Uint8Array, start: number, end: number, out: RtpHeader): boolean {
  if (start < 0 || end > bytes.length || end - start < RTP_HEADER_SIZE) return false
  const first = bytes[start]!
  if (first >> 6 !== 2) return false
  const second = bytes[start + 1]!
  let payload = start + RTP_HEADER_SIZE + (first & 0x0f) * 4
  if (first & 0x10) {
    if (payload + 4 > end) return false
    payload += 4 + ((bytes[payload + 2]! << 8) | bytes[payload + 3]!) * 4
  }
  // A padding of 0 cannot be (its own count is part of it): the bit is set by mistake, and all of it is payload.
  const last = first & 0x20 ? end - bytes[end - 1]! : end
  if (payload > last) return false
  out.marker = second >= 0x80
  out.payloadType = second & 0x7f
  out.sequence = (bytes[start + 2]! << 8) | bytes[start + 3]!
  out.timestamp =
    ((bytes[start + 4]! << 24) | (bytes[start + 5]! << 16) | (bytes[start + 6]! << 8) | bytes[start + 7]!) >>> 0
  out.ssrc =
    ((bytes[start + 8]! << 24) | (bytes[start + 9]! << 16) | (bytes[start + 10]! << 8) | bytes[start + 11]!) >>> 0
  out.payloadStart = payload
  out.payloadEnd = last
  return true
}

/** Writes a header of {@link RTP_HEADER_SIZE} bytes, no CSRCs, no extension, at `at`. Numbers are taken modulo their width. */
export function writeRtpHeader(
  bytes: Uint8Array,
  at: number,
  payloadType: number,
  marker: boolean,
  sequence: number,
  timestamp: number,
  ssrc: number,
): void {
  bytes[at] = 0x80
  bytes[at + 1] = (marker ? 0x80 : 0) | (payloadType & 0x7f)
  bytes[at + 2] = sequence >>> 8
  bytes[at + 3] = sequence
  bytes[at + 4] = timestamp >>> 24
  bytes[at + 5] = timestamp >>> 16
  bytes[at + 6] = timestamp >>> 8
  bytes[at + 7] = timestamp
  bytes[at + 8] = ssrc >>> 24
  bytes[at + 9] = ssrc >>> 16
  bytes[at + 10] = ssrc >>> 8
  bytes[at + 11] = ssrc
}
