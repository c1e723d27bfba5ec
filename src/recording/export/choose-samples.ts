import type { SourceSegment, SourceTrack } from './source-segment.ts'

/** Presentation time of a sample, ticks of its track in its file. */
export function shownAt(track: SourceTrack, sample: number): number {
  return track.times[sample]! + track.compositionOffsets[sample]!
}

/** Ticks of the leading track's file time at a wall-clock time; the first frame of the file is shown at its `wallStart`. */
export function ticksAt({ lead, wallStart }: SourceSegment, wall: number): number {
  return shownAt(lead, 0) + ((wall - wallStart) * lead.timescale) / 1_000
}

/** Wall-clock milliseconds of ticks of the leading track. */
export function wallAt({ lead, wallStart }: SourceSegment, ticks: number): number {
  return wallStart + ((ticks - shownAt(lead, 0)) * 1_000) / lead.timescale
}

/** Where the presentation of the samples `[0, end)` ends, ticks. */
export function shownEnd(track: SourceTrack, end = track.count): number {
  let last = Number.NEGATIVE_INFINITY
  for (let sample = 0; sample < end; sample++) {
    last = Math.max(last, shownAt(track, sample) + track.durations[sample]!)
  }
  return last
}

/** Wall-clock milliseconds at which the last frame of a segment ends. */
export function wallEnd(source: SourceSegment): number {
  return wallAt(source, shownEnd(source.lead))
}

/**
 * The sample that is shown at `ticks`: of those that begin then or before, the last. Undefined when all begin later. Half a
 * tick of rounding counts for nothing.
 */
export function sampleShownAt(track: SourceTrack, ticks: number): number | undefined {
  let best: number | undefined
  let bestTime = Number.NEGATIVE_INFINITY
  for (let sample = 0; sample < track.count; sample++) {
    const time = shownAt(track, sample)
    if (time <= ticks + 0.5 && time >= bestTime) {
      best = sample
      bestTime = time
    }
  }
  return best
}

/**
 * The key frame from which a decoder gets to `sample`: the last that is decoded and shown no later. A picture that is decoded
 * behind a key frame and shown before it (open groups, H.265's RASL) needs the key frame before that.
 */
export function keyBefore(track: SourceTrack, sample: number): number | undefined {
  const shown = shownAt(track, sample)
  for (let key = sample; key >= 0; key--) {
    if (track.keys[key] === 1 && shownAt(track, key) <= shown) return key
  }
  return undefined
}

/** The first key frame of the track. */
export function firstKey(track: SourceTrack): number | undefined {
  const key = track.keys.indexOf(1)
  return key < 0 ? undefined : key
}

/**
 * How many samples, in decoding order, it takes to show all that begin before `ticks`: what is decoded in between is needed
 * though it is shown later.
 */
export function countBefore(track: SourceTrack, ticks: number): number {
  let count = 0
  for (let sample = 0; sample < track.count; sample++) if (shownAt(track, sample) < ticks - 0.5) count = sample + 1
  return count
}

/** Where the last frame that begins before `ticks` ends. */
export function shownEndBefore(track: SourceTrack, count: number, ticks: number): number {
  let last = Number.NEGATIVE_INFINITY
  for (let sample = 0; sample < count; sample++) {
    const time = shownAt(track, sample)
    if (time < ticks - 0.5) last = Math.max(last, time + track.durations[sample]!)
  }
  return last
}
