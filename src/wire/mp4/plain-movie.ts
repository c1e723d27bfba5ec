import { BoxWriter } from './box-writer.ts'
import type { SampleTable } from './sample-table.ts'

/** A stretch of a track's presentation (ISO/IEC 14496-12 section 8.6.6). */
export interface Edit {
  /** Ticks of the movie. */
  readonly duration: number
  /** Presentation time at which it begins, ticks of the track; -1 where nothing is shown. */
  readonly mediaTime: number
}

/** One track of a plain, unfragmented MP4. */
export interface MovieTrack {
  readonly id: number
  /** Ticks a second. */
  readonly timescale: number
  readonly handler: 'vide' | 'soun'
  /** Sample entry boxes, in the order in which chunks count them. */
  readonly entries: readonly Uint8Array[]
  /** Pixels shown, as 16.16 fixed-point numbers; 0 for audio. */
  readonly width: number
  readonly height: number
  readonly samples: SampleTable
  /** Ticks of the track, from the first sample to the end of the last. */
  readonly duration: number
  readonly edits: readonly Edit[]
}

export interface Movie {
  /** Ticks a second of the edits. */
  readonly timescale: number
  /** Wall-clock milliseconds at which the presentation begins; becomes the creation time. */
  readonly created: number
  readonly tracks: readonly MovieTrack[]
  /** Bytes of all samples. */
  readonly mediaBytes: number
  /** Sample entries are QuickTime's. */
  readonly quickTime: boolean
}

const MAX_32 = 0xffffffff

/** Seconds from 1904, from which MP4 counts (ISO/IEC 14496-12 section 8.2.2.3), to 1970. */
const EPOCH = 2_082_844_800

/**
 * All that stands before the samples of a plain MP4: `ftyp`, `moov`, and the header of the `mdat`. The samples follow as the
 * tables say, in one stretch. Offsets are 32-bit numbers where the file is small enough for them.
 */
export function movieHead(movie: Movie): Buffer {
  const small = head(movie, false)
  return small.length + movie.mediaBytes <= MAX_32 ? small : head(movie, true)
}

/**
 * What stands before the fragments of a file whose samples are all in fragments, of unknown length: `ftyp`, and `moov` with
 * `mvex`. An edit of duration 0 lasts as long as there are fragments.
 */
export function fragmentedHead(movie: Omit<Movie, 'mediaBytes'>): Buffer {
  const out = new BoxWriter()
  const places: OffsetTable[] = []
  // iso6: tfdt, and composition offsets with a sign.
  fileType(out, movie.quickTime ? ['qt  '] : ['iso6', 'iso5', 'mp41'])
  out.box('moov', () => {
    movieHeader(out, movie)
    for (const track of movie.tracks) writeTrack(out, track, false, places)
    out.box('mvex', () => {
      for (const { id } of movie.tracks) {
        out.fullBox('trex', 0, 0, () => {
          out.u32(id)
          out.u32(1) // sample description
          out.zeros(12) // every fragment tells durations, sizes and flags
        })
      }
    })
  })
  return out.finish()
}

function fileType(out: BoxWriter, brands: readonly [string, ...string[]]): void {
  out.box('ftyp', () => {
    out.text(brands[0])
    out.u32(0x200)
    for (const brand of brands) out.text(brand)
  })
}

/** Where the offsets of a track's chunks go when it is known where the media begin. */
interface OffsetTable {
  /** Bytes from the start of the file. */
  readonly at: number
  readonly samples: SampleTable
}

function head(movie: Movie, large: boolean): Buffer {
  const out = new BoxWriter()
  const places: OffsetTable[] = []
  // iso4: composition offsets with a sign.
  fileType(out, movie.quickTime ? ['qt  '] : ['isom', 'iso2', 'iso4', 'mp41'])
  out.box('moov', () => {
    movieHeader(out, movie)
    for (const track of movie.tracks) writeTrack(out, track, large, places)
  })
  // Cut off where it does not fit: then all of it is made anew with 64 bits.
  out.u32(large ? 1 : (movie.mediaBytes + 8) % 2 ** 32)
  out.text('mdat')
  if (large) out.u64(movie.mediaBytes + 16)
  const bytes = out.finish()
  for (const place of places) writeOffsets(bytes, place, large)
  return bytes
}

const UNITY_MATRIX = Uint32Array.of(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)

/** Times as version 1 of a header has them where 32 bits do not do. */
function timedBox(
  out: BoxWriter,
  type: string,
  flags: number,
  largest: number,
  body: (time: (v: number) => void) => void,
) {
  const long = largest > MAX_32
  out.fullBox(type, long ? 1 : 0, flags, () => body(value => (long ? out.u64(value) : out.u32(value))))
}

function movieHeader(out: BoxWriter, { timescale, created, tracks }: Omit<Movie, 'mediaBytes'>): void {
  const duration = Math.max(0, ...tracks.map(track => presentation(track)))
  const since1904 = Math.max(0, Math.floor(created / 1_000) + EPOCH)
  timedBox(out, 'mvhd', 0, Math.max(duration, since1904), time => {
    time(since1904)
    time(since1904)
    out.u32(timescale)
    time(duration)
    out.u32(0x10000) // rate 1
    out.u16(0x100) // volume 1
    out.zeros(10)
    out.words(UNITY_MATRIX)
    out.zeros(24)
    out.u32(Math.max(0, ...tracks.map(({ id }) => id)) + 1)
  })
}

/** Ticks of the movie that a track's edits take. */
function presentation({ edits }: MovieTrack): number {
  return edits.reduce((sum, { duration }) => sum + duration, 0)
}

function writeTrack(out: BoxWriter, track: MovieTrack, large: boolean, places: OffsetTable[]): void {
  const video = track.handler === 'vide'
  out.box('trak', () => {
    const duration = presentation(track)
    // Enabled and in the movie.
    timedBox(out, 'tkhd', 3, duration, time => {
      time(0)
      time(0)
      out.u32(track.id)
      out.u32(0)
      time(duration)
      out.zeros(8)
      out.u16(0) // layer
      out.u16(0) // alternate group
      out.u16(video ? 0 : 0x100) // volume
      out.u16(0)
      out.words(UNITY_MATRIX)
      out.u32(track.width)
      out.u32(track.height)
    })
    editList(out, track.edits)
    out.box('mdia', () => {
      timedBox(out, 'mdhd', 0, track.duration, time => {
        time(0)
        time(0)
        out.u32(track.timescale)
        time(track.duration)
        out.u16(0x55c4) // language: und
        out.u16(0)
      })
      out.fullBox('hdlr', 0, 0, () => {
        out.u32(0)
        out.text(track.handler)
        out.zeros(12)
        out.text(video ? 'video' : 'audio')
        out.u8(0)
      })
      out.box('minf', () => {
        if (video) out.fullBox('vmhd', 0, 1, () => out.zeros(8))
        else out.fullBox('smhd', 0, 0, () => out.zeros(4))
        out.box('dinf', () => {
          out.fullBox('dref', 0, 0, () => {
            out.u32(1)
            out.fullBox('url ', 0, 1, () => {}) // the data are in this file
          })
        })
        sampleTable(out, track, large, places)
      })
    })
  })
}

function editList(out: BoxWriter, edits: readonly Edit[]): void {
  if (edits.length === 0) return
  const long = edits.some(({ duration, mediaTime }) => duration > MAX_32 || mediaTime > 0x7fffffff)
  out.box('edts', () => {
    out.fullBox('elst', long ? 1 : 0, 0, () => {
      out.u32(edits.length)
      for (const { duration, mediaTime } of edits) {
        if (long) {
          out.u64(duration)
          if (mediaTime < 0) out.words(Uint32Array.of(MAX_32, MAX_32))
          else out.u64(mediaTime)
        } else {
          out.u32(duration)
          out.u32(mediaTime < 0 ? MAX_32 : mediaTime)
        }
        out.u32(0x10000) // rate 1
      }
    })
  })
}

function sampleTable(out: BoxWriter, { samples, entries }: MovieTrack, large: boolean, tables: OffsetTable[]): void {
  const { durations, compositions, syncs, chunks, sizes, offsets } = samples
  out.box('stbl', () => {
    out.fullBox('stsd', 0, 0, () => {
      out.u32(entries.length)
      for (const entry of entries) out.bytes(entry)
    })
    counted(out, 'stts', 0, durations.view(), 2)
    if (samples.shifted) counted(out, 'ctts', samples.negative ? 1 : 0, compositions.view(), 2)
    // Without the box every sample is a sync sample.
    if (syncs.length < samples.count) counted(out, 'stss', 0, syncs.view(), 1)
    counted(out, 'stsc', 0, chunks.view(), 3)
    out.fullBox('stsz', 0, 0, () => {
      out.u32(0)
      out.u32(samples.count)
      out.words(sizes.view())
    })
    out.fullBox(large ? 'co64' : 'stco', 0, 0, () => {
      const chunks = offsets.length / 2
      out.u32(chunks)
      tables.push({ at: out.length, samples })
      out.zeros(chunks * (large ? 8 : 4))
    })
  })
}

/** Fills in where chunks begin: the media follow `bytes`. */
function writeOffsets(bytes: Buffer, { at, samples }: OffsetTable, large: boolean): void {
  const places = samples.offsets.view()
  for (let index = 0, to = at; index < places.length; index += 2) {
    const place = bytes.length + places[index]! * 2 ** 32 + places[index + 1]!
    to = large ? bytes.writeBigUInt64BE(BigInt(place), to) : bytes.writeUInt32BE(place % 2 ** 32, to)
  }
}

function counted(out: BoxWriter, type: string, version: number, values: Uint32Array, width: number): void {
  out.fullBox(type, version, 0, () => {
    out.u32(values.length / width)
    out.words(values)
  })
}
