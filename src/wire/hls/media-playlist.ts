import { decimal } from './decimal.ts'
import type { HlsPart, HlsSegment, MediaPlaylist } from './types.ts'

/** Part targets that a player stays behind the newest part: three are recommended, two are the least (section 4.4.3.8). */
const HOLD_BACK_PARTS = 3
/** Target durations that a player without parts stays behind the newest segment: three are the least. */
const HOLD_BACK_SEGMENTS = 3

/**
 * The text of a live media playlist with low latency (RFC 8216bis: version 6 for EXT-X-MAP, 9 for parts). Segments need not
 * begin with a key frame: EXT-X-INDEPENDENT-SEGMENTS is not claimed, parts say it for themselves.
 */
export function writeMediaPlaylist(playlist: MediaPlaylist): string {
  const { targetDuration, partTarget, segments, open, hint } = playlist
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:9',
    `#EXT-X-TARGETDURATION:${targetDuration}`,
    `#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=${decimal(HOLD_BACK_PARTS * partTarget)},HOLD-BACK=${HOLD_BACK_SEGMENTS * targetDuration}`,
    `#EXT-X-PART-INF:PART-TARGET=${decimal(partTarget)}`,
    `#EXT-X-MEDIA-SEQUENCE:${(segments[0] ?? open)?.sequence ?? 0}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${playlist.discontinuitySequence}`,
  ]
  let map: string | undefined
  for (const segment of segments) {
    map = begin(lines, segment, map)
    for (const part of segment.parts) lines.push(partLine(part))
    lines.push(`#EXTINF:${decimal(segment.duration)},`, segment.uri)
  }
  if (open) {
    begin(lines, open, map)
    for (const part of open.parts) lines.push(partLine(part))
  }
  lines.push(`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${hint}"`)
  return `${lines.join('\n')}\n`
}

/** What stands before a segment and its parts. Gives the map that holds from there on. */
function begin(lines: string[], segment: HlsSegment, map: string | undefined): string {
  if (segment.discontinuity) lines.push('#EXT-X-DISCONTINUITY')
  if (segment.map !== map) lines.push(`#EXT-X-MAP:URI="${segment.map}"`)
  lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(segment.wall).toISOString()}`)
  return segment.map
}

function partLine({ uri, duration, independent }: HlsPart): string {
  return `#EXT-X-PART:DURATION=${decimal(duration)},URI="${uri}"${independent ? ',INDEPENDENT=YES' : ''}`
}
