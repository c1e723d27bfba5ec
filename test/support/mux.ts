import { SegmentHash } from '../../src/media/segment-file/index.ts'
import {
  closeSegment,
  FragmentIndex,
  fragmentHeader,
  initSegment,
  type Mp4Run,
  RunSamples,
  type SegmentMark,
} from '../../src/wire/mp4/index.ts'
import type { EncodedTrack } from './encoded-media.ts'

const MARK: SegmentMark = {
  version: 1,
  site: 'warehouse',
  camera: 'gate-1',
  stream: 'main',
  session: '01JD-test',
  number: 0,
  wallStart: 1_763_900_000_000,
  mediaTime: 0,
  timescale: 90_000,
  reason: 'first',
  clockOffset: null,
}

export interface MuxOptions {
  /** Seconds of a fragment. */
  readonly fragment?: number
  /** Leaves the file as a crash would: durations not filled in. */
  readonly open?: boolean
  readonly mark?: SegmentMark
}

/** A whole file in the way the recorder writes it. Track ids are 1, 2, … in the order of `tracks`. */
export function mux(tracks: readonly EncodedTrack[], options: MuxOptions = {}): Buffer {
  const { fragment: seconds = 1, open = false, mark = MARK } = options
  const init = initSegment(
    tracks.map(({ timescale, parameters }, index) => ({ id: index + 1, timescale, parameters })),
    mark,
  )
  const parts: Buffer[] = [init.bytes]
  const index = new FragmentIndex(init, 1)
  const next = tracks.map(() => 0)
  for (let sequence = 1; tracks.some((track, index) => next[index]! < track.units.length); sequence++) {
    const runs: Mp4Run[] = []
    const data: Buffer[] = []
    for (const [index, track] of tracks.entries()) {
      const limit = sequence * seconds * track.timescale
      const from = next[index]!
      let to = from
      while (to < track.units.length && track.units[to]!.decodeTime < limit) to++
      next[index] = to
      if (to === from) continue
      const units = track.units.slice(from, to)
      const samples = RunSamples.of(units.map(({ bytes, ...sample }) => ({ size: bytes.length, ...sample })))
      runs.push({ trackId: index + 1, decodeTime: units[0]!.decodeTime, samples })
      data.push(...units.map(unit => unit.bytes))
    }
    const fragment = Buffer.concat([fragmentHeader(sequence, runs), ...data])
    index.add(fragment.length, runs)
    parts.push(fragment)
  }
  const file = Buffer.concat(parts)
  if (open) return file
  const hash = new SegmentHash()
  hash.add(parts.slice(1))
  for (const { offset, bytes } of closeSegment(init, index, 'duration', hash.seal)) bytes.copy(file, offset)
  return file
}
