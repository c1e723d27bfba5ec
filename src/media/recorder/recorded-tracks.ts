import type { RunSamples } from '../../wire/mp4/index.ts'
import type { Frame, MediaSession } from '../frame.ts'
import { TrackRun } from './fragment.ts'

/** One track of a session that is recorded. */
export interface RecordedTrack {
  /** Index into the session's tracks. */
  readonly index: number
  /** Ticks a second. */
  readonly timescale: number
  /** Ticks that a frame lasts, for the last one of which nothing else is known. */
  readonly usual: (frame: Frame) => number
  /** Samples of runs that are over, to be filled again. */
  readonly spare: RunSamples[]
}

/** Frame rate assumed for a session that had one frame only. */
const ASSUMED_RATE = 25

/** Samples of an AAC frame (ISO/IEC 14496-3). */
const AAC_SAMPLES = 1_024

/**
 * The tracks of a session that go into a file, the leading one first: the video, or the first audio where there is no video.
 * Empty when the leading track has a codec that is not ours.
 */
export function recordedTracks(session: MediaSession): RecordedTrack[] {
  const known: RecordedTrack[] = []
  const video = session.tracks[session.video]
  if (video) {
    if (!video.parameters) return []
    const { clockRate } = video.source
    known.push({
      index: session.video,
      timescale: clockRate,
      usual: () => Math.round(clockRate / ASSUMED_RATE),
      spare: [],
    })
  }
  for (const [index, { source, parameters }] of session.tracks.entries()) {
    if (!parameters || index === session.video) continue
    const { clockRate } = source
    if (parameters.codec === 'aac') {
      const ticks = Math.round((AAC_SAMPLES * clockRate) / parameters.sampleRate)
      known.push({ index, timescale: clockRate, usual: () => ticks, spare: [] })
    } else if (parameters.codec === 'pcmu' || parameters.codec === 'pcma') {
      const perByte = clockRate / parameters.sampleRate / parameters.channels
      known.push({
        index,
        timescale: clockRate,
        usual: ({ start, end }) => Math.round((end - start) * perByte),
        spare: [],
      })
    }
  }
  return known
}

/** An empty run for each track. */
export function emptyRuns(tracks: readonly RecordedTrack[]): TrackRun[] {
  return tracks.map(({ index, timescale, spare }) => new TrackRun(index, timescale, spare))
}
