import type { FileHandle } from 'node:fs/promises'
import { VmsError } from '../../kernel/errors.ts'
import { type Box, findBox, findPath, firstSampleEntry, parseBoxes } from '../../wire/mp4/index.ts'
import type { CodecParameters } from '../../wire/track.ts'

/** Where one sample of a plain (not fragmented) MP4 file lies. */
interface PlainSample {
  readonly offset: number
  readonly size: number
  /** Ticks of the track's timescale. */
  readonly dts: number
  readonly pts: number
  readonly key: boolean
}

/** A track of a plain MP4 file with its whole sample table. */
export interface PlainTrack {
  readonly kind: 'video' | 'audio'
  readonly timescale: number
  /** Undefined for codecs that vmsctl does not carry. */
  readonly parameters: CodecParameters | undefined
  /** Codec name of the sample entry (`avc1`), for messages. */
  readonly entry: string
  readonly samples: readonly PlainSample[]
}

const MOOV_LIMIT = 64 * 1024 * 1024
const SAMPLE_LIMIT = 4_000_000
const TRACK_LIMIT = 16

/**
 * Reads the tracks of a plain MP4 file (ISO/IEC 14496-12 section 8), as ffmpeg and cameras' export write it. Gives no
 * tracks for a file without a `moov` box. Throws VMS_E_PROTOCOL where the tables contradict themselves.
 */
export async function readPlainMp4(file: FileHandle, name: string): Promise<PlainTrack[]> {
  const moov = await findMoov(file, name)
  if (!moov) return []
  const tracks: PlainTrack[] = []
  for (const box of parseBoxes(moov)) {
    if (box.type !== 'trak' || tracks.length >= TRACK_LIMIT) continue
    const track = readTrack(moov, box, name)
    if (track) tracks.push(track)
  }
  return tracks
}

/** Content of the `moov` box. */
async function findMoov(file: FileHandle, name: string): Promise<Buffer | undefined> {
  const { size: length } = await file.stat()
  const header = Buffer.alloc(16)
  for (let at = 0; at + 8 <= length; ) {
    await file.read(header, 0, 16, at)
    const short = header.readUInt32BE(0)
    const head = short === 1 ? 16 : 8
    const size = short === 1 ? Number(header.readBigUInt64BE(8)) : short === 0 ? length - at : short
    if (size < head) return undefined
    if (header.toString('latin1', 4, 8) === 'moov') {
      if (size > MOOV_LIMIT) throw bad(name, `its index has ${size} bytes`)
      const moov = Buffer.alloc(Math.min(size - head, length - at - head))
      await file.read(moov, 0, moov.length, at + head)
      return moov
    }
    at += size
  }
  return undefined
}

function readTrack(moov: Buffer, trak: Box, name: string): PlainTrack | undefined {
  const mdia = child(moov, trak, 'mdia')
  const handler = mdia && child(moov, mdia, 'hdlr')
  const header = mdia && child(moov, mdia, 'mdhd')
  const table = mdia && findPath(moov, ['minf', 'stbl'], mdia)
  if (!handler || !header || !table || handler.end - handler.content < 12) return undefined
  const type = moov.toString('latin1', handler.content + 8, handler.content + 12)
  const kind = type === 'vide' ? 'video' : type === 'soun' ? 'audio' : undefined
  const description = child(moov, table, 'stsd')
  const timescaleAt = header.content + (moov[header.content] === 1 ? 20 : 12)
  if (!kind || !description || timescaleAt + 4 > header.end) return undefined
  const entry = firstSampleEntry(moov, description)
  if (!entry) return undefined
  return {
    kind,
    timescale: moov.readUInt32BE(timescaleAt),
    entry: entry.type,
    parameters: entry.parameters,
    samples: readSamples(moov, table, name),
  }
}

function readSamples(moov: Buffer, table: Box, name: string): PlainSample[] {
  const sizes = readSizes(moov, child(moov, table, 'stsz'), name)
  const offsets = readOffsets(moov, table, sizes, name)
  const durations = readRuns(moov, child(moov, table, 'stts'), sizes.length, false)
  const compositions = readRuns(moov, child(moov, table, 'ctts'), sizes.length, true)
  const sync = child(moov, table, 'stss')
  const keys = new Set(sync ? readTable(moov, sync, 4, 4) : [])
  let dts = 0
  return sizes.map((size, i) => {
    const sample = { offset: offsets[i]!, size, dts, pts: dts + (compositions[i] ?? 0), key: !sync || keys.has(i + 1) }
    dts += durations[i] ?? 0
    return sample
  })
}

function readSizes(moov: Buffer, box: Box | undefined, name: string): number[] {
  if (!box || box.end - box.content < 12) return []
  const common = moov.readUInt32BE(box.content + 4)
  const count = moov.readUInt32BE(box.content + 8)
  if (count > SAMPLE_LIMIT) throw bad(name, `${count} samples are too many`)
  if (common !== 0) return new Array<number>(count).fill(common)
  if (box.content + 12 + count * 4 > box.end) throw bad(name, 'its sample size table is cut off')
  return Array.from({ length: count }, (_, i) => moov.readUInt32BE(box.content + 12 + i * 4))
}

/** Offset of each sample: chunks one behind the other, samples of a chunk one behind the other. */
function readOffsets(moov: Buffer, table: Box, sizes: readonly number[], name: string): number[] {
  const small = child(moov, table, 'stco')
  const large = child(moov, table, 'co64')
  const chunks = small
    ? readTable(moov, small, 4, 4)
    : large
      ? Array.from({ length: entries(moov, large, 8) }, (_, i) =>
          Number(moov.readBigUInt64BE(large.content + 8 + i * 8)),
        )
      : []
  const map = child(moov, table, 'stsc')
  const firsts = map ? readTable(moov, map, 12, 4) : []
  const counts = map ? readTable(moov, map, 12, 8) : []
  const offsets: number[] = []
  let run = 0
  for (let chunk = 0; chunk < chunks.length && offsets.length < sizes.length; chunk++) {
    while (run + 1 < firsts.length && firsts[run + 1]! <= chunk + 1) run++
    let at = chunks[chunk]!
    for (let i = 0; i < (counts[run] ?? 0) && offsets.length < sizes.length; i++) {
      offsets.push(at)
      at += sizes[offsets.length - 1]!
    }
  }
  if (offsets.length < sizes.length) throw bad(name, 'its chunk tables cover fewer samples than there are')
  return offsets
}

/** A table of (count, value) pairs, spread out over `limit` samples. */
function readRuns(moov: Buffer, box: Box | undefined, limit: number, signed: boolean): number[] {
  if (!box) return []
  const values: number[] = []
  const count = entries(moov, box, 8)
  for (let i = 0; i < count && values.length < limit; i++) {
    const at = box.content + 8 + i * 8
    const value = signed ? moov.readInt32BE(at + 4) : moov.readUInt32BE(at + 4)
    for (let left = Math.min(moov.readUInt32BE(at), limit - values.length); left > 0; left--) values.push(value)
  }
  return values
}

/** One 32 bit column of a table whose rows have `row` bytes; `column` counts from the end of the entry count, plus 4. */
function readTable(moov: Buffer, box: Box, row: number, column: number): number[] {
  return Array.from({ length: entries(moov, box, row) }, (_, i) =>
    moov.readUInt32BE(box.content + 4 + column + i * row),
  )
}

function entries(moov: Buffer, box: Box, row: number): number {
  if (box.end - box.content < 8) return 0
  return Math.min(moov.readUInt32BE(box.content + 4), Math.floor((box.end - box.content - 8) / row))
}

function bad(name: string, why: string): VmsError {
  return new VmsError('VMS_E_PROTOCOL', `${name} is not a sound MP4 file: ${why}`)
}

function child(moov: Buffer, parent: Box, type: string): Box | undefined {
  return findBox(moov, type, parent.content, parent.end)
}
