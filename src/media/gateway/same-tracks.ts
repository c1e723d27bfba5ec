import type { MediaSession, SessionTrack } from '../frame.ts'

/**
 * Whether a reader that was told of `before` can go on with `after`. New parameter sets of H.264 and H.265 travel in front of
 * key frames; everything else of a description cannot change under a reader.
 */
export function sameTracks(before: MediaSession, after: MediaSession): boolean {
  return (
    before.video === after.video &&
    before.tracks.length === after.tracks.length &&
    before.tracks.every((track, index) => sameTrack(track, after.tracks[index]!))
  )
}

function sameTrack(before: SessionTrack, after: SessionTrack): boolean {
  const [a, b] = [before.source, after.source]
  if (a.kind !== b.kind || a.codec !== b.codec || a.encodingName !== b.encodingName) return false
  if (a.clockRate !== b.clockRate || a.channels !== b.channels) return false
  return before.parameters?.codec !== 'aac' || sameAac(before, after)
}

function sameAac(before: SessionTrack, after: SessionTrack): boolean {
  const [a, b] = [before.parameters, after.parameters]
  return a?.codec === 'aac' && b?.codec === 'aac' && Buffer.compare(a.config, b.config) === 0
}
