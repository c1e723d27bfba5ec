import { shownAt, shownEnd, shownEndBefore, wallAt } from './choose-samples.ts'
import { adjoins, type SourceSegment, type SourceTrack } from './source-segment.ts'

/** What of a segment is used: samples `[first, count)` of its leading track, and the sound that goes with them. */
export interface Cut {
  readonly source: SourceSegment
  readonly first: number
  readonly count: number
  /** Only frames that begin before this are shown, ticks of the leading track in the file; undefined for all. */
  readonly before: number | undefined
  /** The presentation begins with this sample of the leading track. */
  readonly shown: number | undefined
}

/** A hole between two frames, wall-clock milliseconds. */
export interface Hole {
  readonly start: number
  readonly end: number
}

/** A break that is shorter is the jitter of arrival times and no hole. Milliseconds. */
export const MIN_HOLE = 100

/** Samples of one track of a cut, and where they lie on the time line. */
export interface LaidTrack {
  readonly track: SourceTrack
  readonly from: number
  readonly to: number
  /** Ticks of the time line (of its own for each track) from time in the source to time there. */
  readonly shift: number
}

export interface LaidCut {
  readonly lead: LaidTrack
  /** In the order of the source's tracks; one may be empty. */
  readonly audio: readonly LaidTrack[]
  /** What is missing between the cut before and this one. */
  readonly hole: Hole | undefined
}

export interface LayoutOptions {
  /** Holes stay; else what is behind them moves up. */
  readonly keepGaps: boolean
  readonly audio: boolean
  /** Ticks a second of the time line's tracks, for a track of a source: the leading one, or sound number `index`. */
  readonly timescale: (track: SourceTrack, index?: number) => number
}

/**
 * A time line on which segments are laid one after the other; the first sample is decoded at 0. Segments of one session lie as
 * their media times say, without jitter; sessions lie as the wall clock says, or close together. None begins before the one
 * before it has ended, whatever the clock did.
 */
export class Layout {
  readonly #options: LayoutOptions
  /** Wall-clock milliseconds of time 0. */
  readonly origin: number
  /** Ticks a second of the leading track. */
  readonly timescale: number
  #previous: { readonly cut: Cut; readonly shift: number; readonly end: number } | undefined
  /** Where the presentation so far ends: ticks of the leading track, and wall-clock milliseconds. */
  shownEnd = 0
  wallEnd: number
  /** Where the sound so far ends, ticks of each track. */
  readonly #audioEnds: (number | undefined)[] = []

  /** `first` is the cut with which the time line begins; it is not yet laid. */
  constructor({ source, first }: Cut, options: LayoutOptions) {
    this.#options = options
    this.origin = wallAt(source, source.lead.times[first]!)
    this.timescale = options.timescale(source.lead)
    this.wallEnd = this.origin
  }

  /** Lays a cut behind those before. */
  lay(cut: Cut): LaidCut {
    const { source, first, count, before } = cut
    const { lead } = source
    const ratio = this.timescale / lead.timescale
    const shift = this.#place(cut, ratio)
    const begins = wallAt(source, shownAt(lead, first))
    const hole = this.#isHole(cut, begins) ? { start: this.wallEnd, end: begins } : undefined
    const end = before === undefined ? shownEnd(lead) : shownEndBefore(lead, count, before)
    const heard = {
      from: first === 0 ? Number.NEGATIVE_INFINITY : shownAt(lead, first) / lead.timescale,
      to: before === undefined ? Number.POSITIVE_INFINITY : end / lead.timescale,
    }
    const audio = this.#options.audio ? source.audio.map((track, index) => this.#sound(track, index, shift, heard)) : []
    const last = Math.round(lead.times[count - 1]! * ratio) + Math.round(lead.durations[count - 1]! * ratio)
    this.#previous = { cut, shift, end: last + shift }
    this.shownEnd = Math.round(end * ratio) + shift
    this.wallEnd = wallAt(source, end)
    return { lead: { track: lead, from: first, to: count, shift }, audio, hole }
  }

  /** Whether something is missing before a cut whose first frame came at `begins`. */
  #isHole({ source, first }: Cut, begins: number): boolean {
    if (!this.#previous || begins - this.wallEnd <= MIN_HOLE) return false
    const { cut } = this.#previous
    return !(first === 0 && cut.count === cut.source.lead.count && adjoins(cut.source, source))
  }

  #place({ source, first }: Cut, ratio: number): number {
    const { lead } = source
    const decoded = Math.round(lead.times[first]! * ratio)
    if (!this.#previous) return -decoded
    const close = this.#previous.end - decoded
    const joined = this.#sessionShift(source, ratio)
    if (joined !== undefined) return this.#options.keepGaps ? Math.max(joined, close) : close
    const shown = Math.round(shownAt(lead, first) * ratio)
    const earliest = Math.max(close, this.shownEnd - shown)
    if (!this.#options.keepGaps) return earliest
    const wall = wallAt(source, shownAt(lead, first)) - this.origin
    return Math.max(earliest, Math.round((wall * this.timescale) / 1_000) - shown)
  }

  /** Where media time puts a segment of the same session; undefined for another's. */
  #sessionShift(next: SourceSegment, ratio: number): number | undefined {
    const { cut, shift } = this.#previous!
    const [a, b] = [cut.source.mark, next.mark]
    if (!a || !b || a.session !== b.session || a.number >= b.number || a.timescale !== b.timescale) return undefined
    if (cut.source.lead.timescale !== next.lead.timescale) return undefined
    // The session's time at time 0 of each file.
    const zero = (source: SourceSegment, mediaTime: number) => mediaTime - source.lead.times[0]!
    return shift + Math.round((zero(next, b.mediaTime) - zero(cut.source, a.mediaTime)) * ratio)
  }

  /** The sound that is heard then (seconds of the file), and one packet before, for the decoder to settle. */
  #sound(track: SourceTrack, index: number, leadShift: number, heard: { from: number; to: number }): LaidTrack {
    const timescale = this.#options.timescale(track, index)
    const shift = Math.round((leadShift / this.timescale) * timescale)
    const ratio = timescale / track.timescale
    const { times, durations, count } = track
    let from = 0
    while (from < count && (times[from]! + durations[from]!) / track.timescale <= heard.from) from++
    from = Math.max(0, from - 1)
    // What another session recorded for the same time: the earlier one stands. Half a packet is rounding.
    const end = this.#audioEnds[index] ?? Number.NEGATIVE_INFINITY
    while (from < count && (times[from]! + durations[from]! / 2) * ratio + shift < end) from++
    let to = from
    while (to < count && times[to]! / track.timescale < heard.to) to++
    if (to > from) this.#audioEnds[index] = (times[to - 1]! + durations[to - 1]!) * ratio + shift
    return { track, from, to, shift }
  }
}
