import type { BigIntStats } from 'node:fs'
import { messageOf, systemCode } from '../../kernel/errors.ts'
import { SegmentFile } from '../../media/segment-file/index.ts'
import {
  type FragmentRun,
  follows,
  isQuickTime,
  type SegmentMark,
  type TrackDescription,
  trackDescription,
} from '../../wire/mp4/index.ts'
import { STILL_OPEN } from '../open-segments.ts'
import type { Segment } from '../types.ts'

/** The samples of one track of a segment in decoding order, as columns. Times are ticks of the file. */
export interface SourceTrack extends TrackDescription {
  /** Ticks a second. */
  readonly timescale: number
  readonly count: number
  readonly times: Float64Array
  readonly durations: Uint32Array
  readonly compositionOffsets: Int32Array
  readonly sizes: Uint32Array
  /** Bytes from the start of the file. */
  readonly offsets: Float64Array
  /** 1 where a decoder can start. */
  readonly keys: Uint8Array
}

/** What a segment's headers say: all its samples, and where they lie. */
export interface SourceSegment {
  readonly segment: Segment
  /** Absolute. */
  readonly path: string
  /** Of the file. */
  readonly bytes: number
  /** For {@link isSameFile}. */
  readonly identity: string
  readonly mark: SegmentMark | undefined
  readonly quickTime: boolean
  /** Wall-clock milliseconds of the first frame. */
  readonly wallStart: number
  /** The track whose key frames and times count. */
  readonly lead: SourceTrack
  readonly audio: readonly SourceTrack[]
  /** Why not all of the file could be used, in words; undefined when all is well. */
  readonly damage: string | undefined
}

/** A segment that cannot be used at all, or not whole. */
export interface SourceProblem {
  readonly path: string
  /** Wall-clock milliseconds of what the index says is in it. */
  readonly start: number
  readonly end: number
  readonly problem: string
}

/** What tells a file from one that was put in its place, or was written to: device, inode, size, time of the last write. */
function fileIdentity({ dev, ino, size, mtimeNs }: BigIntStats): string {
  return `${dev}:${ino}:${size}:${mtimeNs}`
}

/** Whether a file is still the one of `identity`; of one that is being written only device and inode count. */
export function isSameFile(identity: string, stats: BigIntStats): boolean {
  return `${fileIdentity(stats)}:`.startsWith(`${identity}:`)
}

/**
 * Reads the headers of a segment. Gives the problem, in words, of a file that is gone, is not ours any more, or holds nothing
 * that can be used. Never rejects for what is in a file, or for its absence.
 */
export async function readSource(segment: Segment, path: string): Promise<SourceSegment | string> {
  try {
    await using file = await SegmentFile.open(path)
    if (!file) return 'is no segment: its header is damaged'
    return await sourceOf(segment, path, file)
  } catch (error) {
    return systemCode(error) === 'ENOENT' ? 'is gone' : `cannot be read: ${messageOf(error)}`
  }
}

/**
 * Whether `next` begins where `previous` ends by the camera's media time, so that no frame is missing between them, however far apart
 * the clocks of camera and recorder have run. Where the recorder's clock was set, there is time between them all the same.
 */
export function adjoins(previous: SourceSegment, next: SourceSegment): boolean {
  const [a, b] = [previous.mark, next.mark]
  if (!a || !b || b.reason === 'clock-step') return false
  const { times, durations, count } = previous.lead
  return follows(a, times[count - 1]! + durations[count - 1]! - times[0]!, b)
}

async function sourceOf(segment: Segment, path: string, file: SegmentFile): Promise<SourceSegment | string> {
  const { init } = file
  const { mark } = init
  if (mark && (mark.camera !== segment.camera || mark.stream !== segment.stream))
    return `is of another camera: ${mark.camera}, ${mark.stream}`
  const runs = new Map<number, FragmentRun[]>(init.tracks.map(({ id }) => [id, []]))
  const walk = file.fragments()
  let step = await walk.next()
  for (; !step.done; step = await walk.next()) {
    for (const run of step.value.runs) if (run.count > 0) runs.get(run.trackId)!.push(run)
  }
  const tracks = init.tracks.flatMap(({ id, timescale }) => {
    const description = trackDescription(init, id)
    return description ? [{ id, ...columns(runs.get(id)!, timescale, description) }] : []
  })
  const lead = tracks.find(({ id }) => id === init.lead)
  if (!lead || lead.count === 0) return 'has no whole fragment'
  const stats = await file.handle.stat({ bigint: true })
  return {
    segment,
    path,
    bytes: file.size,
    identity: segment.ended === STILL_OPEN ? `${stats.dev}:${stats.ino}` : fileIdentity(stats),
    mark,
    quickTime: isQuickTime(init),
    wallStart: mark?.wallStart ?? segment.start,
    lead,
    audio: tracks.filter(track => track !== lead && track.handler === 'soun' && track.count > 0),
    damage: damageOf(segment, file, step.value),
  }
}

function damageOf({ bytes, ended }: Segment, { size, init }: SegmentFile, end: { type: string; at: number }) {
  // What is being written ends where it has got to.
  if (ended === STILL_OPEN) return end.type === 'damaged' ? `is damaged behind byte ${end.at}` : undefined
  if (end.type !== 'whole') return `is ${end.type} behind byte ${end.at}`
  if (bytes !== size) return `has ${size} bytes instead of ${bytes}`
  if (init.mark && !init.end) return 'was not closed'
  return undefined
}

function columns(runs: readonly FragmentRun[], timescale: number, description: TrackDescription): SourceTrack {
  const count = runs.reduce((sum, run) => sum + run.count, 0)
  const track = {
    ...description,
    timescale,
    count,
    times: new Float64Array(count),
    durations: new Uint32Array(count),
    compositionOffsets: new Int32Array(count),
    sizes: new Uint32Array(count),
    offsets: new Float64Array(count),
    keys: new Uint8Array(count),
  }
  let at = 0
  for (const run of runs) {
    track.durations.set(run.durations, at)
    track.compositionOffsets.set(run.compositionOffsets, at)
    track.sizes.set(run.sizes, at)
    track.offsets.set(run.offsets, at)
    track.keys.set(run.keys, at)
    let time = run.decodeTime
    for (let sample = 0; sample < run.count; sample++) {
      track.times[at++] = time
      time += run.durations[sample]!
    }
  }
  return track
}
