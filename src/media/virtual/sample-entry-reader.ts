import type { CodecParameters } from '../../wire/track.ts'
import { type Box, boxes, childBox } from './mp4-boxes.ts'

/** Bytes of fields before the child boxes of a sample entry (ISO/IEC 14496-12 section 12). */
const VIDEO_FIELDS = 78
const AUDIO_FIELDS = 28

const AAC_RATES = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350]

/** Codec and decoder parameters of the first entry of an `stsd` box. `parameters` is undefined for other codecs. */
export function readSampleEntry(
  bytes: Buffer,
  stsd: Box,
  kind: 'video' | 'audio',
): { entry: string; parameters: CodecParameters | undefined } {
  const [entry] = boxes(bytes, stsd.start + 8, stsd.end)
  if (!entry) return { entry: 'none', parameters: undefined }
  const skip = kind === 'video' ? VIDEO_FIELDS : AUDIO_FIELDS
  const child = (type: string) => {
    const box = childBox(bytes, entry, type, skip)
    return box && bytes.subarray(box.start, box.end)
  }
  return { entry: entry.type, parameters: parametersOf(entry.type, child) }
}

function parametersOf(entry: string, child: (type: string) => Buffer | undefined): CodecParameters | undefined {
  if (entry === 'avc1' || entry === 'avc3') return avc(child('avcC'))
  if (entry === 'hvc1' || entry === 'hev1') return hevc(child('hvcC'))
  if (entry === 'mp4a') return aac(child('esds'))
  return undefined
}

/** ISO/IEC 14496-15 section 5.3.3.1. Only four byte NAL unit lengths, which is what everybody writes. */
function avc(box: Buffer | undefined): CodecParameters | undefined {
  if (!box || box.length < 7 || (box[4]! & 3) !== 3) return undefined
  let at = 5
  const sets = (mask: number) => {
    const found: Buffer[] = []
    let count = (box[at++] ?? 0) & mask
    for (; count > 0 && at + 2 <= box.length; count--) {
      const size = box.readUInt16BE(at)
      if (at + 2 + size > box.length) break
      found.push(box.subarray(at + 2, at + 2 + size))
      at += 2 + size
    }
    return found
  }
  const [sps] = sets(0x1f)
  const pps = sets(0xff)
  return sps && sps.length > 3 && pps.length > 0 ? { codec: 'h264', sps, pps } : undefined
}

/** ISO/IEC 14496-15 section 8.3.3.1. */
function hevc(box: Buffer | undefined): CodecParameters | undefined {
  if (!box || box.length < 23 || (box[21]! & 3) !== 3) return undefined
  const byType = new Map<number, Buffer[]>()
  let at = 23
  for (let arrays = box[22]!; arrays > 0 && at + 3 <= box.length; arrays--) {
    const type = box[at]! & 0x3f
    let count = box.readUInt16BE(at + 1)
    at += 3
    for (; count > 0 && at + 2 <= box.length; count--) {
      const size = box.readUInt16BE(at)
      if (at + 2 + size > box.length) return undefined
      byType.set(type, [...(byType.get(type) ?? []), box.subarray(at + 2, at + 2 + size)])
      at += 2 + size
    }
  }
  const [vps] = byType.get(32) ?? []
  const [sps] = byType.get(33) ?? []
  const pps = byType.get(34)
  return vps && sps && pps ? { codec: 'h265', vps, sps, pps } : undefined
}

/** The AudioSpecificConfig inside the descriptors of `esds` (ISO/IEC 14496-1 section 7.2.6). */
function aac(box: Buffer | undefined): CodecParameters | undefined {
  if (!box) return undefined
  let at = 4
  let config: Buffer | undefined
  while (at < box.length && !config) {
    const tag = box[at++]!
    let size = 0
    for (let i = 0; i < 4 && at < box.length; i++) {
      const byte = box[at++]!
      size = (size << 7) | (byte & 0x7f)
      if (byte < 0x80) break
    }
    // ES_Descriptor and DecoderConfigDescriptor hold the next one behind their own fields.
    if (tag === 3) at += 3
    else if (tag === 4) at += 13
    else if (tag === 5) config = box.subarray(at, Math.min(box.length, at + size))
    else at += size
  }
  if (!config || config.length < 2) return undefined
  const sampleRate = AAC_RATES[((config[0]! & 7) << 1) | (config[1]! >> 7)]
  return sampleRate === undefined ? undefined : { codec: 'aac', config, sampleRate, channels: (config[1]! >> 3) & 15 }
}
