import type { Mp4Run, SegmentReason } from '../../wire/mp4/index.ts'
import type { Frame, MediaSession } from '../frame.ts'
import type { Slab } from '../memory/slab.ts'

/** A sample whose duration is filled in when the next one comes. */
interface OpenSample {
  readonly size: number
  duration: number
  readonly compositionOffset: number
  readonly key: boolean
}

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
  samples: OpenSample[] = []
  ranges: DataRange[] = []
  #last = 0

  constructor(track: number, timescale: number) {
    this.track = track
    this.timescale = timescale
  }

  /** Decode time of the last sample. */
  get lastDts(): number {
    return this.#last
  }

  /** Decode time at which the last sample ends. */
  get endDts(): number {
    return this.#last + (this.samples.at(-1)?.duration ?? 0)
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
      samples[samples.length - 1]!.duration = dts - this.#last
      if (frame.number !== this.first + samples.length) this.unbroken = false
    }
    samples.push({ size, duration: 0, compositionOffset: frame.pts - dts, key: frame.key })
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
    const last = this.samples.at(-1)
    if (last) last.duration = next === undefined ? guess : Math.max(0, next - this.#last)
  }

  /** Forgets the first `count` samples and their bytes. */
  skip(count: number): void {
    let bytes = 0
    for (const sample of this.samples.slice(0, count)) {
      bytes += sample.size
      this.dts += sample.duration
    }
    this.samples = this.samples.slice(count)
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
    const index = lead.samples.findIndex(sample => sample.key)
    if (index < 0) {
      const all = lead.samples.length
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
  for (const sample of run.samples) {
    if (dts >= limit) break
    dts += sample.duration
    count++
  }
  return count
}
