import { hlsCodec } from '../../wire/hls/index.ts'
import { type Mp4Track, pictureOf } from '../../wire/mp4/index.ts'
import type { MediaSession } from '../frame.ts'
import { type RecordedTrack, recordedTracks } from '../recorder/index.ts'

/** What of a session goes to HLS players. */
export interface HlsTracks {
  /** Leading track first. */
  readonly tracks: readonly RecordedTrack[]
  /** The same, as a file describes them. */
  readonly described: readonly Mp4Track[]
  /** Names for CODECS. */
  readonly codecs: readonly string[]
  /** Pixels, where the parameter sets tell. */
  readonly resolution: readonly [number, number] | undefined
  /** Sound that is left out, by its codec's name. */
  readonly leftOut: readonly string[]
}

/** The tracks of a session that HLS has a place for, or why there are none, for a person. */
export function hlsTracks(session: MediaSession): HlsTracks | string {
  const video = session.tracks[session.video]
  const known = recordedTracks(session).filter(({ index }) => codecOf(session, index) !== undefined)
  if (video && known[0]?.index !== session.video) return `HLS has no place for ${video.source.encodingName}`
  if (known.length === 0) return 'the camera sends nothing that HLS has a place for'
  const tracks = known.slice(0, 1)
  // Players take one sound.
  const sound = known.slice(1).find(({ index }) => session.tracks[index]!.source.kind === 'audio')
  if (sound) tracks.push(sound)
  const leftOut = session.tracks
    .filter(({ source }, index) => source.kind === 'audio' && !tracks.some(track => track.index === index))
    .map(({ source }) => source.encodingName)
  return {
    tracks,
    described: tracks.map(({ index, timescale }, position) => ({
      id: position + 1,
      timescale,
      parameters: session.tracks[index]!.parameters!,
    })),
    codecs: tracks.map(({ index }) => codecOf(session, index)!),
    resolution: resolutionOf(session),
    leftOut,
  }
}

function codecOf(session: MediaSession, index: number): string | undefined {
  const parameters = session.tracks[index]?.parameters
  return parameters && hlsCodec(parameters)
}

function resolutionOf(session: MediaSession): readonly [number, number] | undefined {
  const parameters = session.tracks[session.video]?.parameters
  if (parameters?.codec !== 'h264' && parameters?.codec !== 'h265') return undefined
  const { width, height } = pictureOf(parameters)
  return width > 0 && height > 0 ? [width, height] : undefined
}
