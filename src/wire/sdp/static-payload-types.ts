import type { RtpMap } from './attributes.ts'

/** Payload types that need no a=rtpmap (RFC 3551 section 6), those that cameras use. */
const STATIC: Readonly<Record<number, readonly [name: string, clockRate: number, channels: number]>> = {
  0: ['PCMU', 8_000, 1],
  3: ['GSM', 8_000, 1],
  4: ['G723', 8_000, 1],
  8: ['PCMA', 8_000, 1],
  9: ['G722', 8_000, 1],
  10: ['L16', 44_100, 2],
  11: ['L16', 44_100, 1],
  14: ['MPA', 90_000, 1],
  18: ['G729', 8_000, 1],
  26: ['JPEG', 90_000, 0],
  31: ['H261', 90_000, 0],
  32: ['MPV', 90_000, 0],
  33: ['MP2T', 90_000, 0],
  34: ['H263', 90_000, 0],
}

export function staticRtpMap(payloadType: number): RtpMap | undefined {
  const known = STATIC[payloadType]
  return known && { encodingName: known[0], clockRate: known[1], channels: known[2] }
}
