import { type MovieTrack, movieHead } from '../../wire/mp4/index.ts'
import { shownAt, wallAt } from './choose-samples.ts'
import { CopyList } from './copy-list.ts'
import { type Cut, type Hole, type LaidTrack, Layout } from './layout.ts'
import { contiguousChunks, OutputTrack } from './output-track.ts'
import type { SourceTrack } from './source-segment.ts'

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
  /** Pictures that are shown, or packets of sound where there are none. */
  readonly frames: number
  readonly holes: readonly Hole[]
  /** Where codec parameters change and one track holds both, wall-clock milliseconds. */
  readonly changes: readonly number[]
}

/** Makes one clip of cuts that are added in order. */
export class ClipBuilder {
  readonly #layout: Layout
  readonly #longestHole: number
  readonly #copies = new CopyList()
  readonly #holes: Hole[] = []
  readonly #changes: number[] = []
  readonly #lead: OutputTrack
  readonly #audio: OutputTrack[] = []
  /** Wall-clock milliseconds of the first frame shown, and its time in the clip in ticks. */
  #from: number
  #begins = 0
  #frames = 0
  #quickTime = false

  /** `first` is the cut with which the clip begins; it is not yet added. */
  constructor(first: Cut, { longestHole, ...options }: ClipOptions) {
    const lead = new OutputTrack(first.source.lead, longestHole)
    this.#longestHole = longestHole
    this.#lead = lead
    this.#layout = new Layout(first, {
      ...options,
      timescale: (track, index) => (index === undefined ? lead : this.#sound(track, index)).timescale,
    })
    this.#from = this.#layout.origin
  }

  /** Adds a cut behind those before. Throws {@link MixedParametersError}; the builder is then of no use any more. */
  add(cut: Cut): void {
    const { source, shown } = cut
    const { lead, audio, hole } = this.#layout.lay(cut)
    if (hole) this.#holes.push(hole)
    if (shown !== undefined) {
      const ratio = this.#lead.timescale / source.lead.timescale
      this.#begins = Math.round(shownAt(source.lead, shown) * ratio) + lead.shift
      this.#from = wallAt(source, shownAt(source.lead, shown))
      // What is before is there to be decoded only.
      this.#frames = 0
    }
    this.#frames += shownFrames(cut)
    this.#quickTime ||= source.quickTime
    this.#append(cut, [
      { ...lead, output: this.#lead },
      ...audio.map((laid, index) => ({ ...laid, output: this.#audio[index]! })),
    ])
  }

  /** The clip, when nothing more is added. */
  finish(): LaidOut {
    const { timescale } = this.#lead
    const { shownEnd, wallEnd } = this.#layout
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
      frames: this.#frames,
      holes: this.#holes,
      changes: this.#changes,
    }
  }

  #sound(track: SourceTrack, index: number): OutputTrack {
    const known = this.#audio[index]
    if (known) return known
    const output = new OutputTrack(track, this.#longestHole)
    this.#audio[index] = output
    return output
  }

  /** Chunks go into the clip in the order of the file, in which sound and picture of the same second lie side by side. */
  #append({ source, first }: Cut, pieces: readonly (LaidTrack & { output: OutputTrack })[]): void {
    const at = wallAt(source, shownAt(source.lead, first))
    let changed = false
    const all = pieces.flatMap(piece =>
      contiguousChunks(piece.track, piece.from, piece.to).map(chunk => ({ piece, chunk })),
    )
    all.sort((a, b) => a.chunk.offset - b.chunk.offset)
    for (const { piece, chunk } of all) {
      const description = piece.output.description(chunk.track)
      if (description === undefined)
        throw new MixedParametersError(at, piece.output.handler === 'vide' ? 'picture' : 'sound')
      changed ||= description !== (piece.output.lastDescription ?? description)
      piece.output.add(chunk, this.#copies.add(source, chunk.offset, chunk.bytes), description, piece.shift)
    }
    if (changed) this.#changes.push(at)
  }
}

/** Frames of a cut that are shown, and not only decoded for others. */
function shownFrames({ source, first, count, before = Number.POSITIVE_INFINITY, shown }: Cut): number {
  const { lead } = source
  const from = shown === undefined ? Number.NEGATIVE_INFINITY : shownAt(lead, shown)
  let frames = 0
  for (let sample = first; sample < count; sample++) {
    const time = shownAt(lead, sample)
    if (time >= from && time < before - 0.5) frames++
  }
  return frames
}
