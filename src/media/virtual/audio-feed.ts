import { Buffer } from 'node:buffer'
import { createPacketizer } from '../../wire/rtp/index.ts'
import type { DescribedTrack } from '../../wire/sdp/index.ts'
import type { CodecParameters, Track } from '../../wire/track.ts'
import type { AudioClip } from './clip.ts'
import { type FrameTemplate, frameTemplate } from './frame-template.ts'

/** Sound that a virtual camera can send. */
export type AudioCodec = 'aac' | 'pcmu' | 'pcma'

/** The prepared sound of streams with equal settings. */
export interface AudioFeed {
  readonly frames: readonly FrameTemplate[]
  readonly described: DescribedTrack
  /** Ticks a second of its timestamps. */
  readonly clockRate: number
  /** Ticks from one frame to the next. */
  readonly ticks: number
}

/** Samples of an AAC frame. */
const AAC_SAMPLES = 1024
/** G.711: hertz, and samples of a packet (40 ms, as many cameras send). */
const G711_RATE = 8_000
const G711_SAMPLES = 320
/** Packets of the G.711 loop: 2 s. */
const G711_PACKETS = 50

/** The packets of an AAC clip. */
export function aacFeed(clip: AudioClip): AudioFeed {
  const { sampleRate, channels } = clip.parameters
  return feed(
    clip.parameters,
    clip.frames,
    { payloadType: 97, encodingName: 'MPEG4-GENERIC', sampleRate, channels },
    AAC_SAMPLES,
  )
}

/** A soft tone with a beep each second, in G.711. */
export function g711Feed(codec: 'pcmu' | 'pcma'): AudioFeed {
  const encode = codec === 'pcmu' ? muLaw : aLaw
  const frames = Array.from({ length: G711_PACKETS }, (_, packet) =>
    Buffer.from(
      Array.from({ length: G711_SAMPLES }, (_, i) => {
        const second = (packet * G711_SAMPLES + i) / G711_RATE
        const beep = second % 1 < 0.1 ? 8_000 * Math.sin(2 * Math.PI * 880 * second) : 0
        return encode(Math.round(2_000 * Math.sin(2 * Math.PI * 220 * second) + beep))
      }),
    ),
  )
  const format = {
    payloadType: codec === 'pcmu' ? 0 : 8,
    encodingName: codec.toUpperCase(),
    sampleRate: G711_RATE,
    channels: 1,
  }
  return feed({ codec, sampleRate: G711_RATE, channels: 1 }, frames, format, G711_SAMPLES)
}

function feed(
  parameters: CodecParameters,
  frames: readonly Uint8Array[],
  format: { payloadType: number; encodingName: string; sampleRate: number; channels: number },
  ticks: number,
): AudioFeed {
  const { payloadType, encodingName, sampleRate, channels } = format
  const source: Track = {
    index: 1,
    kind: 'audio',
    codec: parameters.codec,
    encodingName,
    payloadType,
    clockRate: sampleRate,
    channels,
    control: '',
    fmtp: new Map(),
  }
  const packetizer = createPacketizer(source, parameters)
  return {
    frames: frames.map(frame => frameTemplate(packetizer, frame, { payloadType, key: true, shift: 0 })),
    described: { source, parameters },
    clockRate: sampleRate,
    ticks,
  }
}

/** ITU-T G.711 µ-law of a 16 bit sample. */
function muLaw(sample: number): number {
  const magnitude = Math.min(32_635, Math.abs(sample)) + 132
  const exponent = 31 - Math.clz32(magnitude >> 7)
  return ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | ((magnitude >> (exponent + 3)) & 15)) & 0xff
}

/** ITU-T G.711 A-law of a 16 bit sample. */
function aLaw(sample: number): number {
  const magnitude = Math.min(32_635, sample < 0 ? -sample - 1 : sample)
  const exponent = magnitude < 256 ? 0 : 31 - Math.clz32(magnitude >> 7)
  const mantissa = (magnitude >> (exponent === 0 ? 4 : exponent + 3)) & 15
  return ((sample < 0 ? 0 : 0x80) | (exponent << 4) | mantissa) ^ 0x55
}
