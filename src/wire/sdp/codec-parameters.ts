import { buildAudioSpecificConfig, parseAudioSpecificConfig } from '../audio/index.ts'
import type { AacParameters, CodecParameters, H264Parameters, H265Parameters, Track } from '../track.ts'
import type { Notes } from './lines.ts'
import { decodeParameterSets } from './parameter-sets.ts'

/** Hertz that AAC may be assumed to have where only a=rtpmap tells. */
const SAMPLE_RATES = [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000]

/** Decoder parameters that a track's a=fmtp gives; undefined where they are absent, broken, or in band only. */
export function readCodecParameters(track: Track, notes: Notes): CodecParameters | undefined {
  switch (track.codec) {
    case 'h264':
      return h264(track, notes)
    case 'h265':
      return h265(track, notes)
    case 'aac':
      return aac(track, notes)
    case 'pcmu':
    case 'pcma':
      return { codec: track.codec, sampleRate: track.clockRate, channels: Math.max(1, track.channels) }
    case 'other':
      return undefined
  }
}

/** sprop-parameter-sets, RFC 6184 section 8.1: sequence and picture parameter sets in any order. */
function h264(track: Track, notes: Notes): H264Parameters | undefined {
  const units = decodeParameterSets(track.fmtp.get('sprop-parameter-sets'), notes, 'sprop-parameter-sets')
  const sps = units.find(unit => (unit[0]! & 0x1f) === 7 && unit.length >= 4)
  const pps = units.filter(unit => (unit[0]! & 0x1f) === 8)
  if (sps && pps.length > 0) return { codec: 'h264', sps, pps }
  if (units.length > 0) notes.add('sprop-parameter-sets lacks an SPS or a PPS; waiting for those in band.')
  return undefined
}

/** sprop-vps, sprop-sps, sprop-pps, RFC 7798 section 7.1. */
function h265(track: Track, notes: Notes): H265Parameters | undefined {
  const units = ['sprop-vps', 'sprop-sps', 'sprop-pps'].flatMap(name =>
    decodeParameterSets(track.fmtp.get(name), notes, name),
  )
  const ofType = (type: number) => units.filter(unit => ((unit[0]! >> 1) & 0x3f) === type && unit.length > 2)
  const [vps] = ofType(32)
  const [sps] = ofType(33)
  const pps = ofType(34)
  if (vps && sps && pps.length > 0) return { codec: 'h265', vps, sps, pps }
  if (units.length > 0) notes.add('The H.265 parameter sets are not complete; waiting for those in band.')
  return undefined
}

/** config, RFC 3640 section 4.1. Where it is missing or broken, AAC-LC is assumed from a=rtpmap. */
function aac(track: Track, notes: Notes): AacParameters | undefined {
  const text = track.fmtp.get('config')?.replace(/^["\s]+|["\s]+$/g, '') ?? ''
  const given = /^(?:[\da-f]{2}){2,256}$/i.test(text) ? Uint8Array.from(Buffer.from(text, 'hex')) : undefined
  const read = given && parseAudioSpecificConfig(given)
  const channels = Math.max(1, track.channels)
  // 0 channels: the count stands in the program config element; a=rtpmap repeats it.
  if (given && read)
    return { codec: 'aac', config: given, sampleRate: read.sampleRate, channels: read.channels || channels }
  if (!SAMPLE_RATES.includes(track.clockRate) || channels > 8) {
    notes.add('The AAC track has no usable config.')
    return undefined
  }
  notes.add('The AAC track has no usable config; AAC-LC is assumed from its rtpmap.')
  const config = buildAudioSpecificConfig(track.clockRate, channels)
  return { codec: 'aac', config, sampleRate: track.clockRate, channels }
}
