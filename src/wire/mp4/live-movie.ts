import { BoxWriter } from './box-writer.ts'
import { pictureOf } from './picture.ts'
import { fragmentedHead, type MovieTrack, movieHead } from './plain-movie.ts'
import { writeSampleEntry } from './sample-entry.ts'
import { SampleTable } from './sample-table.ts'
import type { Mp4Track } from './types.ts'

/**
 * What a player reads before the fragments of a live stream: the init segment of CMAF (ISO/IEC 23000-19 section 7.3.1), without
 * the mark and the room for an index that a recorded file has. Throws VMS_E_BUG for parameters that no box can hold.
 */
export function liveInit(tracks: readonly Mp4Track[]): Buffer {
  const movieTracks = tracks.map(track => movieTrack(track, new SampleTable(), 0))
  return fragmentedHead({ timescale: 1_000, created: 0, tracks: movieTracks, quickTime: false })
}

/** What stands before the one frame of `bytes` bytes in a file that shows it for a second: a poster. */
export function stillHead(track: Mp4Track, bytes: number): Buffer {
  const { timescale } = track
  const samples = new SampleTable()
  samples.beginChunk(0, 1)
  samples.add(0, 0, bytes, true)
  samples.finish(timescale)
  const still = movieTrack(track, samples, timescale)
  return movieHead({ timescale, created: 0, tracks: [still], mediaBytes: bytes, quickTime: false })
}

function movieTrack(track: Mp4Track, samples: SampleTable, duration: number): MovieTrack {
  const { id, timescale, parameters } = track
  const entry = new BoxWriter()
  writeSampleEntry(entry, track)
  const picture = parameters.codec === 'h264' || parameters.codec === 'h265' ? pictureOf(parameters) : undefined
  const [across, down] = picture?.pixelAspect ?? [1, 1]
  return {
    id,
    timescale,
    handler: picture ? 'vide' : 'soun',
    entries: [entry.finish()],
    width: picture ? Math.min(0xffff, Math.round((picture.width * across) / down)) * 65_536 : 0,
    height: picture ? picture.height * 65_536 : 0,
    samples,
    duration,
    edits: duration > 0 ? [{ duration, mediaTime: 0 }] : [],
  }
}
