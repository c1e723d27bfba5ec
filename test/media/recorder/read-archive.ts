import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { readSync, type SegmentEnd, type SegmentMark, scanFragment, scanInit } from '../../../src/wire/mp4/index.ts'

interface StoredFrame {
  /** Track of the session: 0 is the video. */
  readonly track: number
  /** Ticks of the session. */
  readonly dts: number
  readonly pts: number
  readonly duration: number
  readonly key: boolean
  readonly bytes: Buffer
}

export interface StoredSegment {
  readonly path: string
  readonly mark: SegmentMark
  readonly end: SegmentEnd | undefined
  /** How the file ends: `whole` when with a fragment. */
  readonly tail: string
  readonly frames: readonly StoredFrame[]
  /** Seconds of video in each fragment. */
  readonly fragments: readonly number[]
  /** Ticks of video. */
  readonly duration: number
}

/** All segments below a directory, as our own reader sees them, in order of session and number. */
export function readArchive(root: string): StoredSegment[] {
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.mp4'))
    .map(entry => join(entry.parentPath, entry.name))
  return files
    .map(file => readSegment(root, file))
    .sort((a, b) => (a.mark.session < b.mark.session ? -1 : 1) || 0)
    .sort((a, b) =>
      a.mark.session === b.mark.session ? a.mark.number - b.mark.number : a.mark.session < b.mark.session ? -1 : 1,
    )
}

function readSegment(root: string, file: string): StoredSegment {
  const bytes = readFileSync(file)
  const read = (offset: number, length: number) => bytes.subarray(offset, offset + length)
  const init = readSync(scanInit(bytes.length), read)
  if (!init?.mark) throw new Error(`${file}: no segment of ours`)
  const { mark } = init
  const frames: StoredFrame[] = []
  const fragments: number[] = []
  let tail = ''
  let duration = 0
  // Media time of the file's 0, from the first sample of the video.
  let origin: number | undefined
  for (let at = init.bytes.length; tail === ''; ) {
    const step = readSync(scanFragment(init, at, bytes.length), read)
    if (step.type !== 'fragment') {
      tail = step.type
      break
    }
    at = step.fragment.end
    for (const run of step.fragment.runs) {
      const track = run.trackId - 1
      const { timescale } = init.tracks.find(({ id }) => id === run.trackId)!
      if (track === 0) {
        origin ??= mark.mediaTime - run.decodeTime
        duration += run.duration
        fragments.push(run.duration / timescale)
      }
      let dts = run.decodeTime + Math.floor((origin! / mark.timescale) * timescale)
      for (let index = 0; index < run.count; index++) {
        frames.push({
          track,
          dts,
          pts: dts + run.compositionOffsets[index]!,
          duration: run.durations[index]!,
          key: run.keys[index] === 1,
          bytes: bytes.subarray(run.offsets[index]!, run.offsets[index]! + run.sizes[index]!),
        })
        dts += run.durations[index]!
      }
    }
  }
  return { path: relative(root, file), mark, end: init.end, tail, frames, fragments, duration }
}
