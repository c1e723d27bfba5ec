import type { Track } from '../../track.ts'
import type { RtspResponse } from '../message.ts'
import { parseRtpInfo } from '../rtp-info.ts'
import { parseTransport } from '../transport.ts'
import { splitUrl } from '../url.ts'
import type { ActiveTrack } from './types.ts'

/**
 * The place of a track by the SETUP answer: the channels that the server names, else those that were asked for. Undefined
 * when the server chose UDP all the same.
 */
export function activeTrack(
  track: Track,
  response: RtspResponse,
  asked: number,
  others: readonly ActiveTrack[],
): ActiveTrack | undefined {
  const [answer] = parseTransport(response.headers.get('Transport') ?? '')
  if (answer && answer.lower === 'udp' && !answer.interleaved) return undefined
  const [rtp, rtcp] = answer?.interleaved ?? [asked, asked + 1]
  // A server that gives every track the channels of the first one means those that were asked for.
  const taken = others.some(other =>
    [other.rtpChannel, other.rtcpChannel].some(channel => channel === rtp || channel === rtcp),
  )
  return {
    track,
    rtpChannel: taken ? asked : rtp,
    rtcpChannel: taken ? asked + 1 : rtcp,
    ssrc: answer?.ssrc,
    firstSequence: undefined,
    firstTimestamp: undefined,
  }
}

/** The tracks with what the PLAY answer's RTP-Info says of them. `urls` are those that were set up, at the same indices. */
export function withRtpInfo(
  tracks: readonly ActiveTrack[],
  urls: readonly string[],
  response: RtspResponse,
): ActiveTrack[] {
  const infos = parseRtpInfo(response.headers.get('RTP-Info') ?? '')
  return tracks.map((track, index) => {
    // By URL, whatever host it names; where no URL fits, by place.
    const path = pathOf(urls[index] ?? '')
    const byUrl = infos.find(info => info.url !== '' && (pathOf(info.url) === path || path.endsWith(`/${info.url}`)))
    const info = byUrl ?? (infos.length === tracks.length ? infos[index] : undefined)
    return { ...track, firstSequence: info?.sequence, firstTimestamp: info?.timestamp }
  })
}

function pathOf(url: string): string {
  return splitUrl(url)?.path ?? url
}
