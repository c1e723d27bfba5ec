import type { InitSegment, Mp4Run } from './types.ts'

/** What an index keeps of the samples that one track has in one fragment. Ticks of the track. */
export interface IndexedRun {
  readonly trackId: number
  readonly decodeTime: number
  /** Sum of the durations of the samples. */
  readonly duration: number
  readonly samples: number
  /** The first sample is a key frame. */
  readonly key: boolean
  /** Presentation time of the sample that is shown first. */
  readonly earliest: number
}

/** One track's column of an index. */
export interface IndexedTrack {
  readonly id: number
  readonly timescale: number
  /** Decode time of the first sample; 0 before there is one. */
  first: number
  /** Presentation time of the sample that is shown first. */
  earliest: number
  samples: number
  /** Where the track has got to at the end of each fragment. */
  readonly ends: number[]
}

/**
 * The fragments of one file, gathered while it is written: bytes and times, a few numbers a fragment. At close it becomes
 * the `sidx` boxes and the durations.
 */
export class FragmentIndex {
  readonly tracks: readonly IndexedTrack[]
  /** Bytes of each fragment, `moof` and `mdat` with all they hold. */
  readonly sizes: number[] = []
  /** Whether each fragment begins with a key frame of the leading track. */
  readonly keys: boolean[] = []
  readonly #lead: number

  /** `lead`: id of the track whose key frames count. */
  constructor(init: Pick<InitSegment, 'timescales'>, lead: number) {
    this.tracks = [...init.timescales].map(([id, timescale]) => ({
      id,
      timescale,
      first: 0,
      earliest: 0,
      samples: 0,
      ends: [],
    }))
    this.#lead = lead
  }

  /** A fragment of `size` bytes was written, header and samples. */
  add(size: number, runs: readonly Mp4Run[]): void {
    this.addRuns(size, runs.filter(run => run.samples.length > 0).map(indexedRun))
  }

  /** The same for runs that are summed up already. Runs without samples must be left out. */
  addRuns(size: number, runs: readonly IndexedRun[]): void {
    this.sizes.push(size)
    this.keys.push(runs.some(run => run.trackId === this.#lead && run.key))
    for (const track of this.tracks) {
      const run = runs.find(({ trackId }) => trackId === track.id)
      if (!run) {
        track.ends.push(track.ends.at(-1) ?? 0)
        continue
      }
      if (track.samples === 0) {
        track.first = run.decodeTime
        track.earliest = run.earliest
        // Fragments before it had nothing of this track.
        track.ends.fill(run.decodeTime)
      }
      track.samples += run.samples
      track.ends.push(run.decodeTime + run.duration)
    }
  }

  /** Ticks of each track from its first sample to the end of its last, by track id. */
  durations(): Map<number, number> {
    return new Map(this.tracks.map(track => [track.id, Math.max(0, (track.ends.at(-1) ?? 0) - track.first)]))
  }

  /** The track that leads, or undefined when the file has no such track. */
  get lead(): IndexedTrack | undefined {
    return this.tracks.find(track => track.id === this.#lead)
  }
}

function indexedRun({ trackId, decodeTime, samples }: Mp4Run): IndexedRun {
  let duration = 0
  let earliest = Number.POSITIVE_INFINITY
  for (let index = 0; index < samples.length; index++) {
    earliest = Math.min(earliest, decodeTime + duration + samples.compositionOffset(index))
    duration += samples.duration(index)
  }
  return { trackId, decodeTime, duration, samples: samples.length, key: samples.key(0), earliest }
}
