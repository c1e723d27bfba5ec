import { parseH265Sps } from './sps.ts'

/** `hvc1.1.6.L93.B0` of an SPS NAL unit (ISO/IEC 14496-15 annex E.3); `hvc1` alone when it cannot be read. */
export function h265CodecString(spsNal: Uint8Array): string {
  const sps = parseH265Sps(spsNal)
  if (!sps) return 'hvc1'
  const space = ['', 'A', 'B', 'C'][sps.profileSpace]!
  // The compatibility flags are written from the last to the first.
  let reversed = 0
  for (let i = 0; i < 32; i++) if (sps.compatibility & (1 << i)) reversed += 2 ** (31 - i)
  const constraints = [...sps.constraints]
  while (constraints.at(-1) === 0) constraints.pop()
  const hex = (value: number) => value.toString(16).toUpperCase()
  return [
    'hvc1',
    `${space}${sps.profile}`,
    hex(reversed),
    `${sps.highTier ? 'H' : 'L'}${sps.level}`,
    ...constraints.map(hex),
  ].join('.')
}
