import { BitReader } from '../bitstream/index.ts'

/** Sampling frequencies by index, ISO/IEC 14496-3 table 1.18. */
const SAMPLE_RATES = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
] as const

/** Channels by channelConfiguration, table 1.19; 0 is told elsewhere in the stream. */
const CHANNELS = [0, 1, 2, 3, 4, 5, 6, 8] as const

/** What an AudioSpecificConfig says. */
export interface AudioSpecificConfig {
  /** 2 is AAC-LC. */
  readonly objectType: number
  /** Hertz, of the coded frames (with SBR, half of what is played). */
  readonly sampleRate: number
  /** Hertz, of what is played. */
  readonly outputSampleRate: number
  /** 0: a program config element tells. */
  readonly channels: number
  /** Samples of a frame: 1024, or 960. */
  readonly frameLength: number
}

/** Reads an AudioSpecificConfig, ISO/IEC 14496-3 section 1.6.2.1. Undefined when it is none. */
export function parseAudioSpecificConfig(config: Uint8Array): AudioSpecificConfig | undefined {
  const reader = new BitReader(config.subarray(0, 64))
  let objectType = readObjectType(reader)
  const sampleRate = readSampleRate(reader)
  const channelConfiguration = reader.bits(4)
  let outputSampleRate = sampleRate
  // Explicit signalling of SBR (5) and parametric stereo (29): the core's own type follows.
  if (objectType === 5 || objectType === 29) {
    outputSampleRate = readSampleRate(reader)
    objectType = readObjectType(reader)
  }
  if (reader.overrun || sampleRate < 1 || outputSampleRate < 1 || sampleRate > 192_000) return undefined
  const channels = CHANNELS[channelConfiguration]
  if (objectType === 0 || channels === undefined) return undefined
  // frameLengthFlag is the first bit of GASpecificConfig.
  const short = [1, 2, 3, 4, 6, 7].includes(objectType) && reader.left > 0 && reader.flag()
  return { objectType, sampleRate, outputSampleRate, channels, frameLength: short ? 960 : 1024 }
}

/** The AudioSpecificConfig of plain AAC-LC with frames of 1024 samples. Any sample rate up to 16 777 215 Hz, 1 to 8 channels. */
export function buildAudioSpecificConfig(sampleRate: number, channels: number): Uint8Array {
  const configuration = Math.max(1, CHANNELS.indexOf(channels as (typeof CHANNELS)[number]))
  const index = SAMPLE_RATES.indexOf(sampleRate as (typeof SAMPLE_RATES)[number])
  // Type 5 bits (2), frequency 4 bits (15: 24 bits of it follow), channels 4 bits, three flags that are 0.
  if (index >= 0) return Uint8Array.of((2 << 3) | (index >> 1), ((index & 1) << 7) | (configuration << 3))
  const rate = Math.min(0xffffff, Math.max(1, Math.round(sampleRate)))
  return Uint8Array.of(
    (2 << 3) | 7,
    0x80 | (rate >> 17),
    (rate >> 9) & 0xff,
    (rate >> 1) & 0xff,
    ((rate & 1) << 7) | (configuration << 3),
  )
}

/** `mp4a.40.2`: the codec of an AudioSpecificConfig (RFC 6381 section 3.3). */
export function aacCodecString(config: Uint8Array): string {
  return `mp4a.40.${readObjectType(new BitReader(config.subarray(0, 64))) || 2}`
}

function readObjectType(reader: BitReader): number {
  const type = reader.bits(5)
  return type === 31 ? 32 + reader.bits(6) : type
}

/** 0 for the indices that are reserved. */
function readSampleRate(reader: BitReader): number {
  const index = reader.bits(4)
  return index === 15 ? reader.bits(24) : (SAMPLE_RATES[index] ?? 0)
}
