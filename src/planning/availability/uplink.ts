import { BITS_PER_BYTE } from '../periods.ts'

/**
 * After an outage of the uplink (seconds): the bytes that wait, and the seconds until they are through while the live video goes on
 * (bit/s). Endless when the live video fills the uplink.
 */
export function uplinkDrain(of: { bitrate: number; outage: number; uplink: number }): {
  backlog: number
  seconds: number
} {
  const bits = of.bitrate * of.outage
  const spare = of.uplink - of.bitrate
  const seconds = bits === 0 ? 0 : spare > 0 ? bits / spare : Number.POSITIVE_INFINITY
  return { backlog: bits / BITS_PER_BYTE, seconds }
}
