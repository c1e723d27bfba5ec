import { VmsError } from '../../kernel/errors.ts'
import { BoxWriter } from './box-writer.ts'
import { INDEX_ENTRIES, indexRoomSize } from './index-box.ts'
import { writeMarkBox } from './mark-box.ts'
import { pictureOf } from './picture.ts'
import { writeSampleEntry } from './sample-entry.ts'
import type { DurationField, InitSegment, Mp4Track, SegmentMark } from './types.ts'

/** Tracks that one file may have. */
export const MAX_TRACKS = 16

/**
 * What a file begins with: `ftyp`, the mark of the segment, `moov`, and a `free` box that keeps room for the index.
 * Durations are 0 and `mehd` is a `free` box until `closeSegment` fills them in, so that a player that opens a growing file
 * does not take 0 for the length of it. `indexEntries`: how many entries an index may have; more fragments than that
 * share entries. Throws VMS_E_BUG for no tracks, or too many.
 */
export function initSegment(
  tracks: readonly Mp4Track[],
  mark: SegmentMark,
  indexEntries: number = INDEX_ENTRIES,
): InitSegment {
  const lead = leadingTrack(tracks)
  if (!lead || tracks.length > MAX_TRACKS) throw new VmsError('VMS_E_BUG', `a file with ${tracks.length} tracks`)
  const out = new BoxWriter()
  const durationFields: DurationField[] = []
  const field = (kind: DurationField['kind'], trackId = 0) => {
    durationFields.push({ kind, trackId, offset: out.length, size: 4 })
    out.u32(0)
  }
  fileType(out)
  const endRoom = writeMarkBox(out, mark)
  out.box('moov', () => {
    movieHeader(out, lead.timescale, tracks, () => field('movie'))
    for (const track of tracks) {
      out.box('trak', () => {
        trackHeader(out, track, () => field('track', track.id))
        media(out, track, () => field('media', track.id))
      })
    }
    out.box('mvex', () => {
      out.fullBox('free', 0, 0, () => field('extends'))
      for (const track of tracks) trackExtends(out, track)
    })
  })
  const indexRoom = { offset: out.length, size: indexRoomSize(tracks.length, indexEntries) }
  out.box('free', () => out.zeros(indexRoom.size - 8))
  const timescales = new Map(tracks.map(track => [track.id, track.timescale]))
  return { bytes: out.finish(), durationFields, movieTimescale: lead.timescale, timescales, endRoom, indexRoom }
}

/** The track whose times are the file's: the first video track, else the first. */
function leadingTrack<T extends Pick<Mp4Track, 'parameters'>>(tracks: readonly T[]): T | undefined {
  return tracks.find(track => isVideo(track)) ?? tracks[0]
}

function isVideo({ parameters }: Pick<Mp4Track, 'parameters'>): boolean {
  return parameters.codec === 'h264' || parameters.codec === 'h265'
}

function fileType(out: BoxWriter): void {
  out.box('ftyp', () => {
    out.text('iso6') // tfdt and signed composition offsets
    out.u32(0)
    out.text('iso6iso5mp41')
  })
}

const UNITY_MATRIX = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000]

function movieHeader(out: BoxWriter, timescale: number, tracks: readonly Mp4Track[], duration: () => void): void {
  out.fullBox('mvhd', 0, 0, () => {
    out.zeros(8) // creation and modification: the mark says it better
    out.u32(timescale)
    duration()
    out.u32(0x10000) // rate 1
    out.u16(0x100) // volume 1
    out.zeros(10)
    for (const value of UNITY_MATRIX) out.u32(value)
    out.zeros(24)
    out.u32(Math.max(...tracks.map(track => track.id)) + 1)
  })
}

function trackHeader(out: BoxWriter, track: Mp4Track, duration: () => void): void {
  const { parameters } = track
  const picture = parameters.codec === 'h264' || parameters.codec === 'h265' ? pictureOf(parameters) : undefined
  // Enabled and in the movie.
  out.fullBox('tkhd', 0, 3, () => {
    out.zeros(8)
    out.u32(track.id)
    out.u32(0)
    duration()
    out.zeros(8)
    out.u16(0) // layer
    out.u16(0) // alternate group
    out.u16(picture ? 0 : 0x100) // volume
    out.u16(0)
    for (const value of UNITY_MATRIX) out.u32(value)
    out.u32(picture ? displayWidth(picture) * 65536 : 0)
    out.u32(picture ? picture.height * 65536 : 0)
  })
}

/** Pixels across when shown with square pixels. */
function displayWidth(picture: { width: number; pixelAspect: readonly [number, number] | undefined }): number {
  const [horizontal, vertical] = picture.pixelAspect ?? [1, 1]
  return Math.min(0xffff, Math.round((picture.width * horizontal) / vertical))
}

function media(out: BoxWriter, track: Mp4Track, duration: () => void): void {
  const video = isVideo(track)
  out.box('mdia', () => {
    out.fullBox('mdhd', 0, 0, () => {
      out.zeros(8)
      out.u32(track.timescale)
      duration()
      out.u16(0x55c4) // language: und
      out.u16(0)
    })
    out.fullBox('hdlr', 0, 0, () => {
      out.u32(0)
      out.text(video ? 'vide' : 'soun')
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
      sampleTable(out, track)
    })
  })
}

/** The samples are in the fragments: the tables are there because they must, and empty. */
function sampleTable(out: BoxWriter, track: Mp4Track): void {
  out.box('stbl', () => {
    out.fullBox('stsd', 0, 0, () => {
      out.u32(1)
      writeSampleEntry(out, track)
    })
    out.fullBox('stts', 0, 0, () => out.u32(0))
    out.fullBox('stsc', 0, 0, () => out.u32(0))
    out.fullBox('stsz', 0, 0, () => out.zeros(8))
    out.fullBox('stco', 0, 0, () => out.u32(0))
  })
}

function trackExtends(out: BoxWriter, track: Mp4Track): void {
  out.fullBox('trex', 0, 0, () => {
    out.u32(track.id)
    out.u32(1) // sample description
    out.zeros(12) // every fragment tells durations, sizes and flags
  })
}
