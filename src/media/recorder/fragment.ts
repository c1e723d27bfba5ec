import { type Mp4Run, RunSamples, type SegmentReason } from '../../wire/mp4/index.ts'
import type { Frame, MediaSession } from '../frame.ts'
import type { Slab } from '../memory/slab.ts'

/** What a released run has of samples. */
const NO_SAMPLES = new RunSamples()
/** Cleared samples that are kept for the next run of a track; more come when a disk in trouble lets go of what waited. */
const SPARE = 4

interface DataRange {
  readonly slab: Slab
  start: number
  end: number
}

/** The frames of one track in a fragment: what stands in the header, and where the bytes lie. */
export class TrackRun {
  /** Index into the session's tracks. */
  readonly track: number
  /** Ticks a second. */
  readonly timescale: number
  /** Decode time of the first sample, ticks of the session. */
  dts = 0
  /** Number of the first sample among the frames of its track. */
  first = 0
  /** The samples are frames that follow each other, none left out. */
  unbroken = true
  bytes = 0
  /** The duration of the last one is filled in when the next one comes. Good until {@link release}. */
  samples: RunSamples
  ranges: DataRange[] = []
  readonly #spare: RunSamples[]
  #last = 0

  /** `spare`: what the earlier runs of the track have released. */
  constructor(track: number, timescale: number, spare: RunSamples[]) {
    this.track = track
    this.timescale = timescale
    this.samples = spare.pop() ?? new RunSamples()
    this.#spare = spare
  }

  /** Decode time of the last sample. */
  get lastDts(): number {
    return this.#last
  }

  /** Decode time at which the last sample ends. */
  get endDts(): number {
    const { samples } = this
    return this.#last + (samples.length > 0 ? samples.duration(samples.length - 1) : 0)
  }

  /**
   * Adds a frame that is decoded at `dts`, not before the one added last, and retains its memory: once as long as one frame
   * lies behind the other.
   */
  add(frame: Frame, dts: number): void {
    const size = frame.end - frame.start
    const { samples, ranges } = this
    if (samples.length === 0) {
      this.dts = dts
      this.first = frame.number
    } else {
      samples.setDuration(samples.length - 1, dts - this.#last)
      if (frame.number !== this.first + samples.length) this.unbroken = false
    }
    samples.add(size, 0, frame.pts - dts, frame.key)
    this.#last = dts
    this.bytes += size
    const tail = ranges[ranges.length - 1]
    if (tail && tail.slab === frame.slab && tail.end === frame.start) {
      tail.end = frame.end
      return
    }
    frame.slab.retain()
    ranges.push({ slab: frame.slab, start: frame.start, end: frame.end })
  }

  /** Gives the last sample its duration: until `next`, or as long as `guess` where nothing follows. */
  finish(next: number | undefined, guess: number): void {
    const { samples } = this
    if (samples.length > 0)
      samples.setDuration(samples.length - 1, next === undefined ? guess : Math.max(0, next - this.#last))
  }

  /** Forgets the first `count` samples and their bytes. */
  skip(count: number): void {
    let bytes = 0
    const { samples } = this
    for (let index = 0; index < count; index++) {
      bytes += samples.size(index)
      this.dts += samples.duration(index)
    }
    samples.skip(count)
    this.first += count
    this.bytes -= bytes
    while (bytes > 0) {
      const range = this.ranges[0]!
      const size = range.end - range.start
      if (size > bytes) {
        range.start += bytes
        return
      }
      bytes -= size
      range.slab.release()
      this.ranges.shift()
    }
  }

  release(): void {
    for (const range of this.ranges) range.slab.release()
    this.ranges = []
    if (this.samples === NO_SAMPLES) return
    this.samples.clear()
    if (this.#spare.length < SPARE) this.#spare.push(this.samples)
    this.samples = NO_SAMPLES
  }
}

/**
 * Most of a second of a session, all tracks, on its way to disk: the samples and the memory they lie in. Run 0 is the leading
 * track (video). The times are the session's; they become the file's only when the fragment is written, so that a fragment
 * can still move to another file.
 */
export class Fragment {
  readonly session: MediaSession
  readonly runs: readonly TrackRun[]
  /** Set on the first fragment of a segment: why it begins. */
  readonly begins: SegmentReason | undefined
  /** The frame before the first one is in the fragment before this one: nothing between. */
  readonly continues: boolean
  /** Arrival of the first and, with its duration, the last frame of the leading track; wall-clock milliseconds. */
  wallStart = 0
  wallEnd = 0

  constructor(session: MediaSession, runs: readonly TrackRun[], begins: SegmentReason | undefined, continues: boolean) {
    this.session = session
    this.runs = runs
    this.begins = begins
    this.continues = continues
  }

  get lead(): TrackRun {
    return this.runs[0]!
  }

  /** Bytes of media. */
  get bytes(): number {
    let bytes = 0
    for (const run of this.runs) bytes += run.bytes
    return bytes
  }

  get frames(): number {
    let frames = 0
    for (const run of this.runs) frames += run.samples.length
    return frames
  }

  /**
   * Forgets what is before the first key frame, in all tracks; for a fragment that must begin a file after all.
   * Gives the frames of the leading track that are forgotten; all of them when there is no key frame.
   */
  skipToKey(): number {
    const { lead } = this
    const all = lead.samples.length
    let index = 0
    while (index < all && !lead.samples.key(index)) index++
    if (index === all) {
      for (const run of this.runs) run.skip(run.samples.length)
      return all
    }
    if (index === 0) return 0
    const before = lead.dts
    lead.skip(index)
    this.wallStart += ((lead.dts - before) * 1_000) / lead.timescale
    for (const run of this.runs.slice(1)) run.skip(samplesBefore(run, lead.dts / lead.timescale))
    return index
  }

  /** The runs in a file whose time 0 is at `bases` of the session, in ticks of each run. */
  mp4Runs(bases: readonly number[]): Mp4Run[] {
    const runs: Mp4Run[] = []
    for (const [index, run] of this.runs.entries()) {
      if (run.samples.length === 0) continue
      runs.push({ trackId: index + 1, decodeTime: Math.max(0, run.dts - bases[index]!), samples: run.samples })
    }
    return runs
  }

  /** The bytes of all runs in order, from the frame store itself. Good until {@link release}. */
  buffers(into: Uint8Array[]): void {
    for (const run of this.runs) {
      for (const { slab, start, end } of run.ranges) into.push(slab.bytes.subarray(start, end))
    }
  }

  /** Gives the memory back. */
  release(): void {
    for (const run of this.runs) run.release()
  }
}

/** How many samples of `run` lie before `seconds` of the session. */
export function samplesBefore(run: TrackRun, seconds: number): number {
  const limit = seconds * run.timescale
  let dts = run.dts
  let count = 0
  while (count < run.samples.length && dts < limit) dts += run.samples.duration(count++)
  return count
}
