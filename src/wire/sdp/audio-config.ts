/** Sampling frequencies by index, ISO/IEC 14496-3 table 1.18. */
const FREQUENCIES = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
]
/** Channels by channel configuration, table 1.19. */
const CHANNELS = [0, 1, 2, 3, 4, 5, 6, 8]

/** Sampling rate in hertz and channels that an AudioSpecificConfig names; undefined for one that is none. */
export function readAudioConfig(config: Uint8Array): { sampleRate: number; channels: number } | undefined {
  let at = 0
  const bits = (count: number): number => {
    let value = 0
    for (let i = 0; i < count; i++, at++) value = value * 2 + (((config[at >> 3] ?? 0) >> (7 - (at & 7))) & 1)
    return value
  }
  if (config.length < 2 || config.length > 256) return undefined
  const objectType = bits(5)
  if (objectType === 0) return undefined
  if (objectType === 31) bits(6)
  const index = bits(4)
  const sampleRate = index === 15 ? bits(24) : FREQUENCIES[index]
  const channels = CHANNELS[bits(4)]
  if (!sampleRate || channels === undefined || at > config.length * 8) return undefined
  return { sampleRate, channels }
}

/** The AudioSpecificConfig of AAC-LC with that rate and channels; undefined for what has no index. */
export function makeAudioConfig(sampleRate: number, channels: number): Uint8Array | undefined {
  const index = FREQUENCIES.indexOf(sampleRate)
  const configuration = CHANNELS.indexOf(channels)
  if (index < 0 || configuration < 1) return undefined
  return Uint8Array.of((2 << 3) | (index >> 1), ((index & 1) << 7) | (configuration << 3))
}
