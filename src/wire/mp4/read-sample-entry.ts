import type { AacParameters, Codec, CodecParameters, H264Parameters, H265Parameters } from '../track.ts'
import { type Box, findBox, parseBoxes, uint16, uint32 } from './boxes.ts'

/** What a sample entry says of a track. */
export interface SampleEntry {
  /** Its four characters: avc1, mp4a. */
  readonly type: string
  readonly codec: Codec
  /** Undefined for codecs that are not ours, and for a configuration that is damaged. */
  readonly parameters: CodecParameters | undefined
  /** Pixels; 0 for audio. */
  readonly width: number
  readonly height: number
}

const CODECS: Readonly<Record<string, Codec>> = {
  avc1: 'h264',
  avc3: 'h264',
  hvc1: 'h265',
  hev1: 'h265',
  mp4a: 'aac',
  ulaw: 'pcmu',
  alaw: 'pcma',
}

/** Bytes between the header of a sample entry and the boxes in it. */
const VIDEO_FIELDS = 78
const AUDIO_FIELDS = 28

/** Reads the sample entry in `box`. */
function readSampleEntry(bytes: Uint8Array, box: Box): SampleEntry {
  const codec = CODECS[box.type] ?? 'other'
  const video = codec === 'h264' || codec === 'h265'
  return {
    type: box.type,
    codec,
    parameters: readParameters(bytes, box, codec),
    width: video ? uint16(bytes, box.content + 24) : 0,
    height: video ? uint16(bytes, box.content + 26) : 0,
  }
}

function readParameters(bytes: Uint8Array, box: Box, codec: Codec): CodecParameters | undefined {
  const inner = (type: string, fields: number) => {
    const found = findBox(bytes, type, box.content + fields, box.end)
    return found && bytes.subarray(found.content, found.end)
  }
  switch (codec) {
    case 'h264':
      return readAvcConfiguration(inner('avcC', VIDEO_FIELDS))
    case 'h265':
      return readHevcConfiguration(inner('hvcC', VIDEO_FIELDS))
    case 'aac':
      return readElementaryStream(inner('esds', AUDIO_FIELDS), audioFormat(bytes, box))
    case 'pcmu':
    case 'pcma':
      return { codec, ...audioFormat(bytes, box) }
    case 'other':
      return undefined
  }
}

function audioFormat(bytes: Uint8Array, box: Box): { sampleRate: number; channels: number } {
  return { sampleRate: uint32(bytes, box.content + 24) >>> 16, channels: uint16(bytes, box.content + 16) }
}

/** Reads fields one after the other and remembers whether there were too few. */
class Cursor {
  readonly #bytes: Uint8Array
  #at: number
  overrun = false

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes
    this.#at = at
  }

  uint8(): number {
    return this.take(1)[0] ?? 0
  }

  uint16(): number {
    return uint16(this.take(2), 0)
  }

  take(length: number): Uint8Array {
    const end = this.#at + length
    if (end > this.#bytes.length) this.overrun = true
    const taken = this.overrun ? new Uint8Array(0) : this.#bytes.subarray(this.#at, end)
    this.#at = end
    return taken
  }

  /** `count` parameter sets, each behind its length in two bytes. */
  parameterSets(count: number): Uint8Array[] {
    const sets: Uint8Array[] = []
    // A copy: what is kept of a file must not hold the rest of it.
    for (let index = 0; index < count && !this.overrun; index++) sets.push(this.take(this.uint16()).slice())
    return sets
  }
}

function readAvcConfiguration(content: Uint8Array | undefined): H264Parameters | undefined {
  if (content?.[0] !== 1) return undefined
  const cursor = new Cursor(content, 5)
  const [sps] = cursor.parameterSets(cursor.uint8() & 31)
  const pps = cursor.parameterSets(cursor.uint8())
  return cursor.overrun || !sps ? undefined : { codec: 'h264', sps, pps }
}

const NAL_VPS = 32
const NAL_SPS = 33
const NAL_PPS = 34

function readHevcConfiguration(content: Uint8Array | undefined): H265Parameters | undefined {
  if (content?.[0] !== 1) return undefined
  const cursor = new Cursor(content, 22)
  let vps: Uint8Array | undefined
  let sps: Uint8Array | undefined
  let pps: Uint8Array[] = []
  for (let arrays = cursor.uint8(); arrays > 0 && !cursor.overrun; arrays--) {
    const type = cursor.uint8() & 63
    const sets = cursor.parameterSets(cursor.uint16())
    if (type === NAL_VPS) vps ??= sets[0]
    if (type === NAL_SPS) sps ??= sets[0]
    if (type === NAL_PPS) pps = sets
  }
  return cursor.overrun || !vps || !sps ? undefined : { codec: 'h265', vps, sps, pps }
}

const ES_DESCRIPTOR = 3
const DECODER_CONFIG = 4
const DECODER_SPECIFIC_INFO = 5

/** Finds the AudioSpecificConfig in the descriptors of `esds`, which lie in one another. */
function readElementaryStream(
  content: Uint8Array | undefined,
  format: { sampleRate: number; channels: number },
): AacParameters | undefined {
  if (!content) return undefined
  const cursor = new Cursor(content, 4)
  // Each is deeper than the one before, so three are enough.
  for (let depth = 0; depth < 3; depth++) {
    const tag = cursor.uint8()
    const length = descriptorLength(cursor)
    if (tag === ES_DESCRIPTOR) {
      cursor.take(2)
      // Dependent streams, URLs and clock references have more fields: no recording has them.
      if (cursor.uint8() & 0xe0) return undefined
    } else if (tag === DECODER_CONFIG) {
      if (cursor.uint8() !== 0x40) return undefined
      cursor.take(12)
    } else if (tag === DECODER_SPECIFIC_INFO) {
      const config = cursor.take(length).slice()
      return cursor.overrun ? undefined : { codec: 'aac', config, ...format }
    } else return undefined
  }
  return undefined
}

/** One to four bytes of seven bits each. */
function descriptorLength(cursor: Cursor): number {
  let length = 0
  for (let index = 0; index < 4; index++) {
    const byte = cursor.uint8()
    length = (length << 7) | (byte & 0x7f)
    if (byte < 0x80) break
  }
  return length
}

/** The first sample entry of a `stsd`. */
export function firstSampleEntry(bytes: Uint8Array, description: Box): SampleEntry | undefined {
  for (const box of parseBoxes(bytes, description.content + 8, description.end)) return readSampleEntry(bytes, box)
  return undefined
}
