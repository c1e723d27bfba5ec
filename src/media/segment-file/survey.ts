import {
  type Fragment,
  FragmentIndex,
  type FragmentRun,
  type FragmentsEnd,
  type IndexedRun,
} from '../../wire/mp4/index.ts'
import type { SegmentFile } from './open-segment.ts'

/** What the fragments of a file add up to. */
export interface Survey {
  readonly index: FragmentIndex
  readonly end: FragmentsEnd
  readonly fragments: number
  /** Sequence number of the last fragment; 0 when there is none. */
  readonly lastSequence: number
  /** Key frames of the leading track. */
  readonly keyFrames: number
  /** Bytes of samples of the leading track. */
  readonly leadBytes: number
  /** Places where the leading track's decode time is not where the fragment before ended. */
  readonly gaps: number
}

/** Walks over the fragments of a file once. */
export async function survey(file: SegmentFile): Promise<Survey> {
  const { init } = file
  const index = new FragmentIndex(init, init.lead)
  const walk = file.fragments()
  let lastSequence = 0
  let keyFrames = 0
  let leadBytes = 0
  let gaps = 0
  let expected: number | undefined
  for (;;) {
    const { done, value } = await walk.next()
    if (done) return { index, end: value, fragments: index.sizes.length, lastSequence, keyFrames, leadBytes, gaps }
    lastSequence = value.sequence
    index.addRuns(value.end - value.start, indexedRuns(value))
    for (const run of value.runs) {
      if (run.trackId !== init.lead || run.count === 0) continue
      for (const key of run.keys) keyFrames += key
      for (const size of run.sizes) leadBytes += size
      if (expected !== undefined && expected !== run.decodeTime) gaps++
      expected = run.decodeTime + run.duration
    }
  }
}

function indexedRuns({ runs }: Fragment): IndexedRun[] {
  return runs.filter(run => run.count > 0).map(indexedRun)
}

function indexedRun(run: FragmentRun): IndexedRun {
  let time = run.decodeTime
  let earliest = Number.POSITIVE_INFINITY
  for (let sample = 0; sample < run.count; sample++) {
    earliest = Math.min(earliest, time + run.compositionOffsets[sample]!)
    time += run.durations[sample]!
  }
  const { trackId, decodeTime, duration, count, keys } = run
  return { trackId, decodeTime, duration, samples: count, key: keys[0] === 1, earliest }
}
