import type { StreamRole } from '../media/frame.ts'
import type { ViewerProtocol } from './types.ts'

/** What a stream is made of, as far as it matters to viewers; null where it is not known. */
export interface StreamFacts {
  readonly codec: string | null
  readonly bFrames: boolean | null
}

/** Those whose viewers are browsers. */
const BROWSER: ReadonlySet<ViewerProtocol> = new Set(['webrtc', 'hls'])

/**
 * Why a stream cannot be passed on as it is to viewers of a protocol; undefined where it can. Browsers want H.264 without
 * B-frames (RFC 7742 for the codec; WebRTC has no decode times to order B-frames by); RTSP players take what they can play.
 */
export function unsuitable(protocol: ViewerProtocol, { codec, bFrames }: StreamFacts): string | undefined {
  if (!BROWSER.has(protocol)) return undefined
  if (codec !== null && codec !== 'h264') return `it is ${codec.toUpperCase()}, and browsers want H.264`
  return bFrames === true ? 'it has B-frames, which browsers show out of order' : undefined
}

/** The streams to try for who names none, the best first: the camera's own sub-stream, which costs nobody anything. */
export function candidates(hasSub: boolean, quality: StreamRole | undefined): readonly StreamRole[] {
  if (quality !== undefined) return [quality]
  return hasSub ? ['sub', 'main'] : ['main']
}
