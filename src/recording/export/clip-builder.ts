import { type MovieTrack, movieHead } from '../../wire/mp4/index.ts'
import { shownAt, shownEnd, shownEndBefore, wallAt } from './choose-samples.ts'
import { CopyList } from './copy-list.ts'
import { contiguousChunks, OutputTrack, type SourceChunk } from './output-track.ts'
import { placeCut } from './place-cut.ts'
import type { SourceSegment, SourceTrack } from './source-segment.ts'

/** What of a segment goes into a clip: samples `[first, count)` of its leading track, and the sound that goes with them. */
export interface Cut {
  readonly source: SourceSegment
  readonly first: number
  readonly count: number
  /** Only frames that begin before this are shown, ticks of the leading track in the file; undefined for all. */
  readonly before: number | undefined
  /** The clip's presentation begins with this sample of the leading track. */
  readonly shown: number | undefined
}

/** What the next cut must know of the one before. Times are ticks of the clip's leading track. */
export interface PlacedCut {
  readonly cut: Cut
  /** From time in the source (scaled to the clip's ticks) to time in the clip. */
  readonly shift: number
  /** Where its samples end, as they are decoded and as they are shown. */
  readonly end: number
  readonly shownEnd: number
  /** Wall-clock milliseconds at which its last frame ends. */
  readonly wallEnd: number
}

/** A hole between two frames of a clip, wall-clock milliseconds. */
export interface Hole {
  readonly start: number
  readonly end: number
}

/** A break that is shorter is the jitter of arrival times and no hole. Milliseconds. */
export const MIN_HOLE = 100

/** Codec parameters changed in a way that one track cannot hold. */
export class MixedParametersError extends Error {
  /** Wall-clock milliseconds of the first frame with the new ones. */
  readonly at: number
  readonly kind: 'picture' | 'sound'

  constructor(at: number, kind: 'picture' | 'sound') {
    super(`the ${kind}'s codec parameters change`)
    this.at = at
    this.kind = kind
  }
}

export interface ClipOptions {
  /** Holes stay on the time line; else they are closed. */
  readonly keepGaps: boolean
  readonly audio: boolean
  /** Seconds of the longest hole that may come. */
  readonly longestHole: number
}

/** A clip that is laid out: what stands before the media, and what is to be copied behind it. */
export interface LaidOut {
  readonly head: Buffer
  readonly copies: CopyList
  /** Wall-clock milliseconds of the first frame shown, and of the end of the last. */
  readonly from: number
  readonly to: number
  /** Seconds of the presentation. */
  readonly duration: number
  /** Pictures, or packets of sound where there are none. */
  readonly frames: number
  readonly holes: readonly Hole[]
}

/**
 * Lays segments on the time line of one clip. Segments of one session lie as their media times say, without jitter;
 * sessions lie as the wall clock says, or close together.
 */
export class ClipBuilder {
  readonly #options: ClipOptions
  readonly #copies = new CopyList()
  readonly #holes: Hole[] = []
  readonly #lead: OutputTrack
  readonly #audio: OutputTrack[] = []
  /** Wall-clock milliseconds of time 0 of the clip, and of the first frame shown. */
  readonly #origin: number
  #from: number
  /** Time at which the presentation begins. */
  #begins = 0
  #quickTime = false
  #previous: PlacedCut | undefined

  /** `first` is the cut with which the clip begins; it is not yet added. */
  constructor(first: Cut, options: ClipOptions) {
    const { lead } = first.source
    this.#options = options
    this.#lead = new OutputTrack(lead, options.longestHole)
    this.#origin = wallAt(first.source, lead.times[first.first]!)
    this.#from = this.#origin
  }

  /** Adds a cut behind those before. Throws {@link MixedParametersError}; the builder is then of no use any more. */
  add(cut: Cut): void {
    const { source, first, count, before, shown } = cut
    const { lead } = source
    const { timescale } = this.#lead
    const ratio = timescale / lead.timescale
    const shift = placeCut(cut, this.#previous, { ...this.#options, origin: this.#origin, timescale })
    this.#noteHole(cut)
    const end = before === undefined ? shownEnd(lead) : shownEndBefore(lead, count, before)
    if (shown !== undefined) {
      this.#begins = Math.round(shownAt(lead, shown) * ratio) + shift
      this.#from = wallAt(source, shownAt(lead, shown))
    }
    const pieces: Piece[] = [{ output: this.#lead, shift, chunks: contiguousChunks(lead, first, count) }]
    if (this.#options.audio) {
      const from = first === 0 ? Number.NEGATIVE_INFINITY : shownAt(lead, first) / lead.timescale
      const to = before === undefined ? Number.POSITIVE_INFINITY : end / lead.timescale
      for (const [index, track] of source.audio.entries()) pieces.push(this.#sound(index, track, shift, from, to))
    }
    this.#append(source, pieces, first)
    this.#quickTime ||= source.quickTime
    this.#previous = {
      cut,
      shift,
      end: this.#lead.end ?? 0,
      shownEnd: Math.round(end * ratio) + shift,
      wallEnd: wallAt(source, end),
    }
  }

  /** The clip, when nothing more is added. */
  finish(): LaidOut {
    const { timescale, samples } = this.#lead
    const { shownEnd = 0, wallEnd = this.#origin } = this.#previous ?? {}
    const tracks: MovieTrack[] = []
    for (const output of [this.#lead, ...this.#audio]) {
      const track = output.finish(tracks.length + 1, this.#begins / timescale, shownEnd / timescale, timescale)
      if (track) tracks.push(track)
    }
    const movie = { timescale, created: this.#from, tracks, mediaBytes: this.#copies.bytes, quickTime: this.#quickTime }
    return {
      head: movieHead(movie),
      copies: this.#copies,
      from: this.#from,
      to: wallEnd,
      duration: (shownEnd - this.#begins) / timescale,
      frames: samples.count,
      holes: this.#holes,
    }
  }

  #noteHole({ source, first }: Cut): void {
    const start = this.#previous?.wallEnd
    const end = wallAt(source, shownAt(source.lead, first))
    if (start !== undefined && end - start > MIN_HOLE) this.#holes.push({ start, end })
  }

  /** The sound that is heard from `from` to `to`, seconds of the file, and one packet more for the decoder to settle. */
  #sound(index: number, track: SourceTrack, leadShift: number, from: number, to: number): Piece {
    const output = (this.#audio[index] ??= new OutputTrack(track, this.#options.longestHole))
    const shift = Math.round((leadShift / this.#lead.timescale) * output.timescale)
    const ratio = output.timescale / track.timescale
    let first = 0
    while (first < track.count && (track.times[first]! + track.durations[first]!) / track.timescale <= from) first++
    first = Math.max(0, first - 1)
    // What another session recorded for the same time: the earlier one stands. Half a packet is rounding.
    const { end } = output
    while (
      end !== undefined &&
      first < track.count &&
      (track.times[first]! + track.durations[first]! / 2) * ratio + shift < end
    ) {
      first++
    }
    let count = first
    while (count < track.count && track.times[count]! / track.timescale < to) count++
    return { output, shift, chunks: contiguousChunks(track, first, count) }
  }

  /** Chunks go into the clip in the order of the file, in which sound and picture of the same second lie side by side. */
  #append(source: SourceSegment, pieces: readonly Piece[], first: number): void {
    const all = pieces.flatMap(piece => piece.chunks.map(chunk => ({ piece, chunk })))
    all.sort((a, b) => a.chunk.offset - b.chunk.offset)
    for (const { piece, chunk } of all) {
      const description = piece.output.description(chunk.track)
      if (description === undefined) {
        const at = wallAt(source, shownAt(source.lead, first))
        throw new MixedParametersError(at, piece.output.handler === 'vide' ? 'picture' : 'sound')
      }
      piece.output.add(chunk, this.#copies.add(source, chunk.offset, chunk.bytes), description, piece.shift)
    }
  }
}

/** Samples for one track of the clip. */
interface Piece {
  readonly output: OutputTrack
  readonly shift: number
  readonly chunks: readonly SourceChunk[]
}
