import { wholeUp } from '../maths/whole-up.ts'

/** Ethernet as it is sold, bit/s. */
export const LINKS = [1e8, 1e9, 2.5e9, 5e9, 1e10, 2.5e10, 4e10, 1e11] as const

/** Bit/s that a link must have so that `bitrate` fills no more than the share `rule` of it. */
export function requiredLink(of: { bitrate: number; rule: number }): number {
  return of.bitrate / of.rule
}

/** Has a link so many bit/s? 700 Mbps at a rule of 70 % are 1 Gbit/s, whatever binary fractions make of it. */
export function linkHas(link: number, required: number): boolean {
  return required <= link * (1 + 1e-12)
}

/** The smallest Ethernet that has so many bit/s, or undefined beyond the largest. */
export function smallestLink(required: number): number | undefined {
  return LINKS.find(link => linkHas(link, required))
}

/** Bit/s to operators who each show `tiles` sub-streams and one main stream. */
export function operatorBitrate(of: { operators: number; tiles: number; sub: number; main: number }): number {
  return of.operators * (of.tiles * of.sub + of.main)
}

/** Relay servers for so many viewers' streams, when one serves `each`; `spare` more stand by, unless nobody watches. */
export function relayGateways(of: { viewers: number; each: number; spare: number }): { needed: number; all: number } {
  const needed = wholeUp(of.viewers / of.each)
  return { needed, all: needed === 0 ? 0 : needed + of.spare }
}

/** Cores for so many streams at cores each, when no core is to be fuller than `fill`. */
export function streamCores(of: { streams: number; each: number; fill: number }): number {
  return (of.streams * of.each) / of.fill
}
