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
 * Ticks that one sample may last: above, readers take the number for a negative one. A hole that is longer gets an edit of its
 * own, with nothing to show.
 */
const MAX_STRETCH = 0x7fffffff

/** A part of a track whose presentation runs on without an edit. Ticks of the track on the clip's time line. */
interface Part {
  /** Time on the clip's time line less time in the track. */
  readonly offset: number
  /** When its first sample is shown. */
  readonly shownFrom: number
  /** Where its last sample ends, as it is decoded and as it is shown. */
  end: number
  shownTo: number
}

/**
 * One track of a clip while its samples are gathered. Times are ticks of the track on the clip's time line, on which the first
 * sample of the leading track is decoded at 0. A hole makes the sample before it last longer: of the two ways that MP4 has, this
 * is the one that every player takes.
 */
export class OutputTrack {
  readonly timescale: number
  readonly handler: 'vide' | 'soun'
  readonly samples = new SampleTable()
  readonly #width: number
  readonly #height: number
  readonly #maxStretch: number
  readonly #entries: Buffer[] = []
  readonly #parts: Part[] = []

  constructor(first: SourceTrack, maxStretch = MAX_STRETCH) {
    this.timescale = first.timescale
    this.handler = first.handler === 'vide' ? 'vide' : 'soun'
    this.#width = first.width
    this.#height = first.height
    this.#maxStretch = maxStretch
  }

  /** Where the samples so far end; undefined before there is one. */
  get end(): number | undefined {
    return this.#parts.at(-1)?.end
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
    for (let sample = from; sample < to; sample++) {
      const wanted = Math.round(track.times[sample]! * ratio + shift)
      const shown = wanted + Math.round(track.compositionOffsets[sample]! * ratio)
      const duration = Math.round(track.durations[sample]! * ratio)
      const part = this.#partAt(wanted, shown)
      // One that would have to be decoded before its predecessor waits, and is shown when it was to be.
      const time = Math.max(wanted - part.offset, samples.lastTime)
      samples.add(time, shown - part.offset - time, track.sizes[sample]!, track.keys[sample] === 1)
      part.end = Math.max(part.end, time + part.offset + duration)
      part.shownTo = Math.max(part.shownTo, shown + duration)
    }
  }

  /** The part to which a sample belongs: a new one behind a hole that is too long for a sample to last. */
  #partAt(time: number, shown: number): Part {
    const last = this.#parts.at(-1)
    if (last && time - (this.samples.lastTime + last.offset) <= this.#maxStretch) return last
    // In the track itself the new part goes on where the one before ended, as decoded and as shown.
    const offset = last ? Math.min(time - last.end, shown - last.shownTo) + last.offset : time
    const part: Part = { offset, shownFrom: shown, end: time, shownTo: shown }
    this.#parts.push(part)
    return part
  }

  /** The finished track, presented from `start` to `end`, seconds of the clip's time line; undefined when it is empty. */
  finish(id: number, start: number, end: number, movieTimescale: number): MovieTrack | undefined {
    const last = this.#parts.at(-1)
    if (!last) return undefined
    this.samples.finish(last.end - last.offset)
    return {
      id,
      timescale: this.timescale,
      handler: this.handler,
      entries: this.#entries,
      width: this.#width,
      height: this.#height,
      samples: this.samples,
      duration: last.end - last.offset,
      edits: this.#edits(start, end, movieTimescale),
    }
  }

  #edits(start: number, end: number, movieTimescale: number): Edit[] {
    const edits: Edit[] = []
    const first = Math.round(start * movieTimescale)
    let reached = first
    for (const { offset, shownFrom, shownTo } of this.#parts) {
      const from = Math.max(shownFrom / this.timescale, start)
      const begins = Math.max(Math.round(from * movieTimescale), reached)
      const duration = Math.round(Math.min(end, shownTo / this.timescale) * movieTimescale) - begins
      if (duration <= 0) continue
      if (begins > reached) edits.push({ duration: begins - reached, mediaTime: -1 })
      edits.push({ duration, mediaTime: Math.max(0, Math.round(from * this.timescale) - offset) })
      reached = begins + duration
    }
    return edits
  }
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

/** The samples `[from, to)` of a track, in pieces that are contiguous in the file. */
export function contiguousChunks(track: SourceTrack, from: number, to: number): SourceChunk[] {
  const { offsets, sizes } = track
  const chunks: SourceChunk[] = []
  for (let first = from; first < to; ) {
    const offset = offsets[first]!
    let end = first
    let bytes = 0
    while (end < to && offsets[end] === offset + bytes) bytes += sizes[end++]!
    chunks.push({ track, from: first, to: end, offset, bytes })
    first = end
  }
  return chunks
}
