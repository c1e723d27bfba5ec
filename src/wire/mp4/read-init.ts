import { type Box, findBox, findPath, parseBoxes, uint32 } from './boxes.ts'
import { MAX_TRACKS } from './init-segment.ts'
import { readMarkBox } from './mark-box.ts'
import { firstSampleEntry, type SampleEntry } from './read-sample-entry.ts'
import type { DurationField, InitSegment, Room, SegmentEnd, SegmentMark } from './types.ts'

/** A track of a file that was read. */
export interface ReadTrack extends SampleEntry {
  readonly id: number
  readonly timescale: number
  /** Of the whole track, in its timescale; 0 while the file is being written. */
  readonly duration: number
  readonly defaults: SampleDefaults
}

/** What `trex` says of samples that do not say it themselves. */
export interface SampleDefaults {
  readonly duration: number
  readonly size: number
  readonly flags: number
}

/** What stands before the first fragment of a file. Its `bytes` are those that were read: closing can be done on it. */
export interface ReadInit extends InitSegment {
  readonly tracks: readonly ReadTrack[]
  /** Undefined in a file that is not ours. */
  readonly mark: SegmentMark | undefined
  /** Undefined until the file has been closed. */
  readonly end: SegmentEnd | undefined
  /** Id of the track whose times and key frames are the file's; 0 in a file without tracks. */
  readonly lead: number
}

/** Bytes that may stand before the first fragment. */
export const MAX_INIT = 1024 * 1024

/**
 * Reads what stands before the first fragment: `bytes` are the file from its start, and may reach beyond. Undefined when
 * there is no whole `moov` with tracks and `mvex` among them: no fragmented MP4, or one that was cut off before anything
 * was recorded.
 */
export function readInit(bytes: Uint8Array): ReadInit | undefined {
  let size = 0
  let moov: Box | undefined
  let marked: Marked | undefined
  for (const box of parseBoxes(bytes)) {
    if (box.type === 'moof' || box.type === 'mdat') break
    if (box.type === 'moov') moov ??= box
    if (box.type === 'uuid') marked ??= readMark(bytes, box)
    size = box.end
  }
  if (!moov || size > MAX_INIT) return undefined
  const header = findBox(bytes, 'mvhd', moov.content, moov.end)
  const mvex = findBox(bytes, 'mvex', moov.content, moov.end)
  if (!header || !mvex) return undefined
  const durationFields: DurationField[] = []
  const movie = timeFields(bytes, header, 'movie', 0)
  if (movie.field.offset + movie.field.size > header.end) return undefined
  durationFields.push(movie.field)
  const tracks: ReadTrack[] = []
  for (const box of parseBoxes(bytes, moov.content, moov.end)) {
    if (box.type !== 'trak' || tracks.length === MAX_TRACKS) continue
    const track = readTrack(bytes, box, mvex, durationFields)
    if (track && !tracks.some(({ id }) => id === track.id)) tracks.push(track)
  }
  if (tracks.length === 0) return undefined
  const extendsField = movieExtends(bytes, mvex, marked !== undefined)
  if (extendsField) durationFields.push(extendsField)
  return {
    bytes: Buffer.from(bytes.subarray(0, size)),
    durationFields,
    movieTimescale: movie.timescale,
    timescales: new Map(tracks.map(({ id, timescale }) => [id, timescale])),
    endRoom: marked?.room,
    indexRoom: marked && room(moov.end, size),
    tracks,
    mark: marked?.mark,
    end: marked?.end,
    lead: (tracks.find(track => track.codec === 'h264' || track.codec === 'h265') ?? tracks[0]!).id,
  }
}

interface Marked {
  readonly mark: SegmentMark
  readonly end: SegmentEnd | undefined
  readonly room: Room
}

function readMark(bytes: Uint8Array, box: Box): Marked | undefined {
  const read = readMarkBox(bytes.subarray(box.content, box.end))
  return read && { mark: read.mark, end: read.end, room: { offset: box.content + read.endOffset, size: read.endSize } }
}

/** In our files nothing but index and free bytes stands between `moov` and the first fragment. */
function room(start: number, end: number): Room | undefined {
  return end - start >= 8 ? { offset: start, size: end - start } : undefined
}

/** Timescale and duration of `mvhd` or `mdhd`, which begin alike in both versions. */
function timeFields(bytes: Uint8Array, box: Box, kind: 'movie' | 'media', trackId: number) {
  const long = bytes[box.content] === 1
  const at = box.content + 4 + (long ? 16 : 8)
  const field: DurationField = { kind, trackId, offset: at + 4, size: long ? 8 : 4 }
  return { timescale: uint32(bytes, at), field }
}

function readTrack(bytes: Uint8Array, trak: Box, mvex: Box, fields: DurationField[]): ReadTrack | undefined {
  const header = findBox(bytes, 'tkhd', trak.content, trak.end)
  const mediaHeader = findPath(bytes, ['mdia', 'mdhd'], trak)
  const description = findPath(bytes, ['mdia', 'minf', 'stbl', 'stsd'], trak)
  if (!header || !mediaHeader || !description) return undefined
  const long = bytes[header.content] === 1
  const idAt = header.content + 4 + (long ? 16 : 8)
  const id = uint32(bytes, idAt)
  const media = timeFields(bytes, mediaHeader, 'media', id)
  const entry = firstSampleEntry(bytes, description)
  const tooShort = idAt + 16 > header.end || media.field.offset + media.field.size > mediaHeader.end
  if (!entry || id === 0 || media.timescale === 0 || tooShort) return undefined
  fields.push({ kind: 'track', trackId: id, offset: idAt + 8, size: long ? 8 : 4 }, media.field)
  const duration = uint32(bytes, media.field.offset + media.field.size - 4)
  return { ...entry, id, timescale: media.timescale, duration, defaults: sampleDefaults(bytes, mvex, id) }
}

function sampleDefaults(bytes: Uint8Array, mvex: Box, trackId: number): SampleDefaults {
  for (const { type, content, end } of parseBoxes(bytes, mvex.content, mvex.end)) {
    if (type !== 'trex' || end - content < 24 || uint32(bytes, content + 4) !== trackId) continue
    return {
      duration: uint32(bytes, content + 12),
      size: uint32(bytes, content + 16),
      flags: uint32(bytes, content + 20),
    }
  }
  return { duration: 0, size: 0, flags: 0 }
}

/** `mehd`, or in an open file of ours the `free` box that becomes it. */
function movieExtends(bytes: Uint8Array, mvex: Box, ours: boolean): DurationField | undefined {
  for (const { type, content, end } of parseBoxes(bytes, mvex.content, mvex.end)) {
    if (type !== 'mehd' && !(ours && type === 'free' && end - content === 8)) continue
    const long = bytes[content] === 1
    if (end - content < (long ? 12 : 8)) continue
    return { kind: 'extends', trackId: 0, offset: content + 4, size: long ? 8 : 4 }
  }
  return undefined
}
