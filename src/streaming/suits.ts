import type { StreamRole } from '../media/frame.ts'
import type { ViewerProtocol } from './types.ts'

/** What a stream is made of, as far as it matters to viewers; null where it is not known. */
export interface StreamFacts {
  readonly codec: string | null
  readonly bFrames: boolean | null
}

/** H.264 and H.265 as people write them. */
const NAMES: Readonly<Record<string, string>> = { h264: 'H.264', h265: 'H.265' }

/**
 * Why a stream cannot be passed on as it is to viewers of a protocol; undefined where it can. By WebRTC browsers want H.264 (RFC 7742)
 * without B-frames: it has no decode times to order them by, and MediaMTX refuses them. HLS, ours and MediaMTX's, takes H.265 and B-frames
 * too, and so do RTMP (enhanced) and RTSP: whether it plays is the player's to say.
 */
export function unsuitable(protocol: ViewerProtocol, { codec, bFrames }: StreamFacts): string | undefined {
  if (protocol !== 'webrtc') return undefined
  if (codec !== null && codec !== 'h264') return `it is ${NAMES[codec] ?? codec}, and browsers want H.264 by WebRTC`
  return bFrames === true ? 'it has B-frames, and WebRTC has no place for them' : undefined
}

/** The streams to try for who names none, the best first: the camera's own sub-stream, which costs nobody anything. */
export function candidates(hasSub: boolean, quality: StreamRole | undefined): readonly StreamRole[] {
  if (quality !== undefined) return [quality]
  return hasSub ? ['sub', 'main'] : ['main']
}
