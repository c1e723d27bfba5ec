import { VmsError } from '../../kernel/errors.ts'
import { removeEmulation } from '../bitstream/index.ts'
import type { AacParameters, G711Parameters, H264Parameters, H265Parameters } from '../track.ts'
import type { BoxWriter } from './box-writer.ts'
import { type Picture, pictureOf } from './picture.ts'
import type { Mp4Track } from './types.ts'

/**
 * The sample entry of a track, by which a player configures its decoder: `avc1` and `hvc1` (parameter sets in the entry,
 * none in the samples; ISO/IEC 14496-15), `mp4a` (ISO/IEC 14496-14), `ulaw` and `alaw` (QuickTime's names, in the plain ISO
 * layout, which ffmpeg and GStreamer read; the ISO registry has no name of its own for G.711).
 */
export function writeSampleEntry(out: BoxWriter, { parameters }: Mp4Track): void {
  switch (parameters.codec) {
    case 'h264':
      return videoEntry(out, 'avc1', pictureOf(parameters), picture => avcConfiguration(out, parameters, picture))
    case 'h265':
      return videoEntry(out, 'hvc1', pictureOf(parameters), picture => hevcConfiguration(out, parameters, picture))
    case 'aac':
      return audioEntry(out, 'mp4a', parameters, () => elementaryStreamDescriptor(out, parameters.config))
    case 'pcmu':
      return audioEntry(out, 'ulaw', parameters, () => {})
    case 'pcma':
      return audioEntry(out, 'alaw', parameters, () => {})
  }
}

/** ISO/IEC 14496-12 section 12.1.3. */
function videoEntry(out: BoxWriter, type: string, picture: Picture, configuration: (picture: Picture) => void): void {
  out.box(type, () => {
    out.zeros(6)
    out.u16(1) // data reference
    out.zeros(16)
    out.u16(picture.width)
    out.u16(picture.height)
    out.u32(0x480000) // 72 dpi, as every file says
    out.u32(0x480000)
    out.u32(0)
    out.u16(1) // frames a sample
    out.zeros(32) // name of the compressor
    out.u16(24) // depth
    out.u16(0xffff)
    configuration(picture)
    colour(out, picture)
    if (picture.pixelAspect) {
      const [horizontal, vertical] = picture.pixelAspect
      out.box('pasp', () => {
        out.u32(horizontal)
        out.u32(vertical)
      })
    }
  })
}

/** ISO/IEC 14496-12 section 12.1.5; the numbers are those of ISO/IEC 23091-2, as in the SPS. */
function colour(out: BoxWriter, picture: Picture): void {
  const { colour } = picture
  if (!colour) return
  out.box('colr', () => {
    out.text('nclx')
    out.u16(colour.primaries)
    out.u16(colour.transfer)
    out.u16(colour.matrix)
    out.u8(colour.fullRange ? 0x80 : 0)
  })
}

/** Profiles whose `avcC` tells chroma format and bit depth (ISO/IEC 14496-15 section 5.3.3.1.2). */
const HIGH_PROFILES = new Set([100, 110, 122, 144])

function avcConfiguration(out: BoxWriter, { sps, pps }: H264Parameters, picture: Picture): void {
  out.box('avcC', () => {
    out.u8(1)
    out.u8(sps[1]!)
    out.u8(sps[2]!)
    out.u8(sps[3]!)
    out.u8(0xff) // lengths of four bytes
    out.u8(0xe1) // one SPS
    parameterSet(out, sps)
    const sets = pps.slice(0, 255)
    out.u8(sets.length)
    for (const set of sets) parameterSet(out, set)
    if (!HIGH_PROFILES.has(sps[1]!)) return
    out.u8(0xfc | picture.chromaFormat)
    out.u8(0xf8 | ((picture.bitDepthLuma - 8) & 7))
    out.u8(0xf8 | ((picture.bitDepthChroma - 8) & 7))
    out.u8(0)
  })
}

/** Bytes of general profile, tier and level in an SPS, behind NAL header and the byte of the sub-layers. */
const PROFILE_TIER_LEVEL = 12

/** ISO/IEC 14496-15 section 8.3.3.1.2. */
function hevcConfiguration(out: BoxWriter, { vps, sps, pps }: H265Parameters, picture: Picture): void {
  // Zeros where the set is too short.
  const head = Buffer.alloc(3 + PROFILE_TIER_LEVEL)
  head.set(removeEmulation(sps, 0, Math.min(sps.length, 2 * head.length)).subarray(0, head.length))
  const subLayers = ((head[2]! >> 1) & 7) + 1
  const nested = head[2]! & 1
  out.box('hvcC', () => {
    out.u8(1)
    out.bytes(head.subarray(3))
    out.u16(0xf000) // min_spatial_segmentation_idc: not told
    out.u8(0xfc) // parallelismType: not told
    out.u8(0xfc | picture.chromaFormat)
    out.u8(0xf8 | ((picture.bitDepthLuma - 8) & 7))
    out.u8(0xf8 | ((picture.bitDepthChroma - 8) & 7))
    out.u16(0) // average frame rate: not told
    out.u8((subLayers << 3) | (nested << 2) | 3) // lengths of four bytes
    out.u8(3)
    for (const sets of [[vps], [sps], pps.slice(0, 255)]) {
      // hvc1: every set of the type is here, none in the samples.
      out.u8(0x80 | ((sets[0]?.[0] ?? 0) >> 1))
      out.u16(sets.length)
      for (const set of sets) parameterSet(out, set)
    }
  })
}

function parameterSet(out: BoxWriter, set: Uint8Array): void {
  if (set.length > 0xffff) throw new VmsError('VMS_E_BUG', `a parameter set of ${set.length} bytes`)
  out.u16(set.length)
  out.bytes(set)
}

/** ISO/IEC 14496-12 section 12.2.3. */
function audioEntry(
  out: BoxWriter,
  type: string,
  { sampleRate, channels }: AacParameters | G711Parameters,
  configuration: () => void,
): void {
  out.box(type, () => {
    out.zeros(6)
    out.u16(1) // data reference
    out.zeros(8)
    out.u16(channels)
    out.u16(16) // sample size, as every file says
    out.zeros(4)
    out.u32(sampleRate > 0xffff ? 0 : sampleRate * 65536)
    configuration()
  })
}

/** `esds` with the AudioSpecificConfig (ISO/IEC 14496-1 section 7.2.6, 14496-14 section 5.6). */
function elementaryStreamDescriptor(out: BoxWriter, config: Uint8Array): void {
  // Descriptor lengths are written in one byte each: a configuration has two to some twenty bytes.
  if (config.length > 64) throw new VmsError('VMS_E_BUG', `an AudioSpecificConfig of ${config.length} bytes`)
  out.fullBox('esds', 0, 0, () => {
    out.u8(3) // ES_Descriptor
    out.u8(3 + 2 + 13 + 2 + config.length + 3)
    out.u16(0)
    out.u8(0)
    out.u8(4) // DecoderConfigDescriptor
    out.u8(13 + 2 + config.length)
    out.u8(0x40) // MPEG-4 audio
    out.u8(0x15) // audio stream
    out.zeros(11) // buffer size and bit rates: not told
    out.u8(5) // DecoderSpecificInfo
    out.u8(config.length)
    out.bytes(config)
    out.u8(6) // SLConfigDescriptor
    out.u8(1)
    out.u8(2)
  })
}
