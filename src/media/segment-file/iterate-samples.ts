import type { FragmentRun } from '../../wire/mp4/index.ts'
import { SegmentFile } from './open-segment.ts'

/** One sample of a segment, with its bytes. Times are ticks of the track. */
export interface SegmentSample {
  readonly trackId: number
  readonly decodeTime: number
  readonly compositionOffset: number
  readonly duration: number
  readonly key: boolean
  /** Video: NAL units behind their lengths. The bytes are the caller's to keep. */
  readonly bytes: Buffer
}

/** Bytes that are read at once; a larger sample is read whole. */
const CHUNK = 4 * 1024 * 1024

/**
 * All samples of the whole fragments of a segment, in the order of the file: fragment after fragment, in each track after
 * track. `tracks` picks some by id. Yields nothing for a file that is no segment. Throws system errors.
 */
export async function* iterateSamples(path: string, tracks?: readonly number[]): AsyncGenerator<SegmentSample, void> {
  await using file = await SegmentFile.open(path)
  if (!file) return
  for await (const fragment of file.fragments()) {
    for (const run of fragment.runs) {
      if (tracks === undefined || tracks.includes(run.trackId)) yield* samplesOf(file, run)
    }
  }
}

async function* samplesOf(file: SegmentFile, run: FragmentRun): AsyncGenerator<SegmentSample, void> {
  let decodeTime = run.decodeTime
  for (let first = 0; first < run.count; ) {
    const end = chunkEnd(run, first)
    const start = run.offsets[first]!
    const wanted = run.offsets[end - 1]! + run.sizes[end - 1]! - start
    const chunk = await file.bytes.readInto(Buffer.allocUnsafeSlow(wanted), start)
    // The file became shorter while it was read.
    if (chunk.length < wanted) return
    for (; first < end; first++) {
      const at = run.offsets[first]! - start
      yield {
        trackId: run.trackId,
        decodeTime,
        compositionOffset: run.compositionOffsets[first]!,
        duration: run.durations[first]!,
        key: run.keys[first] === 1,
        bytes: chunk.subarray(at, at + run.sizes[first]!),
      }
      decodeTime += run.durations[first]!
    }
  }
}

/** The samples from `first` on that lie one behind the other and are read at once. */
function chunkEnd({ offsets, sizes, count }: FragmentRun, first: number): number {
  let end = first + 1
  let bytes = sizes[first]!
  while (end < count && offsets[end] === offsets[first]! + bytes && bytes + sizes[end]! <= CHUNK) bytes += sizes[end++]!
  return end
}
