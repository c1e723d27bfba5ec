import type { Track } from '../../wire/track.ts'

export interface TrackChoice {
  /** The tracks to set up, in the order of the SDP. */
  readonly tracks: readonly Track[]
  /** What is set aside, one sentence each. */
  readonly notes: readonly string[]
}

/**
 * What vmsctl takes of a camera's offer: the first video track (one whose codec is ours before one that is not) and the
 * first audio track whose codec is ours. ONVIF metadata, further tracks and unknown audio are set aside with a note.
 */
export function chooseTracks(offered: readonly Track[]): TrackChoice {
  const videos = offered.filter(track => track.kind === 'video')
  const video = videos.find(track => track.codec !== 'other') ?? videos[0]
  const audio = offered.find(track => track.kind === 'audio' && track.codec !== 'other')
  const tracks = offered.filter(track => track === video || track === audio)
  const notes = offered
    .filter(track => !tracks.includes(track))
    .map(track => {
      if (track.kind === 'video') return `further video track ${track.encodingName} is not used`
      if (track.kind === 'audio' && track.codec !== 'other')
        return `further audio track ${track.encodingName} is not used`
      return `${track.kind === 'audio' ? 'audio' : 'metadata'} ${track.encodingName} is not recorded`
    })
  return { tracks, notes }
}
