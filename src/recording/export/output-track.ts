import { type Edit, type MovieTrack, SampleTable } from '../../wire/mp4/index.ts'
import type { SourceTrack } from './source-segment.ts'

/** Samples `[from, to)` of a source track that lie one behind the other in their file. */
export interface SourceChunk {
  readonly track: SourceTrack
  readonly from: number
  readonly to: number
  /** Bytes from the start of the file. */
  readonly offset: number
  readonly bytes: number
}

/**
 * One track of a clip while its samples are gathered. Times are ticks of the track on the clip's time line, on which the first
 * sample of the leading track is decoded at 0. A hole makes the sample before it last longer: of the two ways that MP4 has this
 * is the one that players take. (With an edit list that shows nothing for a while in the middle, ffmpeg, Chromium and GStreamer
 * each show wrong frames, or end too early.)
 */
export class OutputTrack {
  /** Ticks a second. */
  readonly timescale: number
  readonly handler: 'vide' | 'soun'
  readonly samples = new SampleTable()
  readonly #width: number
  readonly #height: number
  readonly #entries: Buffer[] = []
  /** The description of the samples added last; undefined before there is one. */
  lastDescription: number | undefined
  /** When the first sample is decoded, and shown. */
  #start = 0
  #shownFrom = 0
  /** Where the last sample ends, as it is decoded and as it is shown. */
  #end: number | undefined
  #shownTo = 0

  /** `longestHole`: seconds; the timescale becomes one in which a sample can last that long. */
  constructor(first: SourceTrack, longestHole: number) {
    this.timescale = fittingTimescale(first.timescale, longestHole)
    this.handler = first.handler === 'vide' ? 'vide' : 'soun'
    this.#width = first.width
    this.#height = first.height
  }

  /** Where the samples so far end; undefined before there is one. */
  get end(): number | undefined {
    return this.#end
  }

  /**
   * The number, from 1, of the sample description that the samples of `track` have. Undefined when they cannot stand in one
   * track with those before: another codec, another size of picture, another rate or number of channels.
   */
  description(track: SourceTrack): number | undefined {
    const known = this.#entries.findIndex(entry => entry.equals(track.entry))
    if (known >= 0) return known + 1
    const [first] = this.#entries
    if (first && !alike(first, track, this.#width, this.#height)) return undefined
    this.#entries.push(Buffer.from(track.entry))
    return this.#entries.length
  }

  /**
   * Adds the samples of a chunk that begins at `place` of the clip's media. `shift`: ticks of this track from time in the
   * source to time on the clip's time line.
   */
  add({ track, from, to }: SourceChunk, place: number, description: number, shift: number): void {
    const ratio = this.timescale / track.timescale
    const { samples } = this
    samples.beginChunk(place, description)
    this.lastDescription = description
    for (let sample = from; sample < to; sample++) {
      const wanted = Math.round(track.times[sample]! * ratio) + shift
      const shown = wanted + Math.round(track.compositionOffsets[sample]! * ratio)
      const duration = Math.round(track.durations[sample]! * ratio)
      if (this.#end === undefined) {
        this.#start = wanted
        this.#shownFrom = shown
      }
      // One that would have to be decoded before its predecessor waits, and is shown when it was to be.
      const time = Math.max(wanted - this.#start, samples.lastTime)
      samples.add(time, shown - this.#start - time, track.sizes[sample]!, track.keys[sample] === 1)
      this.#end = Math.max(this.#end ?? wanted, time + this.#start + duration)
      this.#shownTo = Math.max(this.#shownTo, shown + duration)
    }
  }

  /**
   * The finished track, presented from `start` to `end`, seconds of the clip's time line; undefined when it has nothing to
   * present then.
   */
  finish(id: number, start: number, end: number, movieTimescale: number): MovieTrack | undefined {
    if (this.#end === undefined) return undefined
    const duration = this.#end - this.#start
    this.samples.finish(duration)
    const edits = this.#edits(start, end, movieTimescale)
    const { timescale, handler, samples } = this
    return (
      edits && {
        id,
        timescale,
        handler,
        entries: this.#entries,
        width: this.#width,
        height: this.#height,
        samples,
        duration,
        edits,
      }
    )
  }

  #edits(start: number, end: number, movieTimescale: number): Edit[] | undefined {
    const toMovie = (seconds: number) => Math.round((seconds - start) * movieTimescale)
    const from = Math.max(this.#shownFrom / this.timescale, start)
    const duration = toMovie(Math.min(end, this.#shownTo / this.timescale)) - toMovie(from)
    if (duration <= 0) return undefined
    const shown = { duration, mediaTime: Math.max(0, Math.round(from * this.timescale) - this.#start) }
    return toMovie(from) > 0 ? [{ duration: toMovie(from), mediaTime: -1 }, shown] : [shown]
  }
}

/** Ticks that a sample may last: above, readers take the number for a negative one. */
const MAX_STRETCH = 0x7fffffff

/** Tenths of a timescale until a sample can last `seconds`: 6 hours at 90 kHz, 66 hours at 9 kHz. */
function fittingTimescale(timescale: number, seconds: number): number {
  let fitting = timescale
  while (fitting * seconds > MAX_STRETCH && fitting % 10 === 0) fitting /= 10
  return fitting
}

/** Whether a sample entry may follow `first` in a track: the same codec, and the same picture or sound. */
function alike(first: Buffer, track: SourceTrack, width: number, height: number): boolean {
  const { entry } = track
  if (first.toString('latin1', 4, 8) !== entry.toString('latin1', 4, 8)) return false
  if (track.handler === 'vide') {
    // Width and height of the sample entry, ISO/IEC 14496-12 section 12.1.3.
    return track.width === width && track.height === height && first.readUInt32BE(32) === entry.readUInt32BE(32)
  }
  // Channels and rate, section 12.2.3.
  return first.readUInt16BE(24) === entry.readUInt16BE(24) && first.readUInt32BE(32) === entry.readUInt32BE(32)
}

/** What a piece may hold; of one sample it is as long as that is. */
interface ChunkLimits {
  readonly samples: number
  readonly bytes: number
}

const UNLIMITED: ChunkLimits = { samples: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY }

/** The samples `[from, to)` of a track, in pieces that are contiguous in the file and within the limits. */
export function contiguousChunks(track: SourceTrack, from: number, to: number, limits = UNLIMITED): SourceChunk[] {
  const { offsets, sizes } = track
  const chunks: SourceChunk[] = []
  for (let first = from; first < to; ) {
    const offset = offsets[first]!
    let end = first + 1
    let bytes = sizes[first]!
    const fits = () => end - first < limits.samples && bytes + sizes[end]! <= limits.bytes
    while (end < to && fits() && offsets[end] === offset + bytes) bytes += sizes[end++]!
    chunks.push({ track, from: first, to: end, offset, bytes })
    first = end
  }
  return chunks
}
