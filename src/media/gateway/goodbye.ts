import { buildGoodbye, buildReceiverReport } from '../../wire/rtp/index.ts'
import type { TrackTransport } from '../rtsp-server/index.ts'

/** A BYE for a track's reader, behind its interleaved header. A compound begins with a report (RFC 3550 section 6.1). */
export function goodbye({ ssrc, rtcpChannel }: TrackTransport): Buffer {
  const packet = Buffer.concat([buildReceiverReport({ ssrc, reports: [], cname: 'vmsctl' }), buildGoodbye(ssrc)])
  return Buffer.concat([Buffer.from([0x24, rtcpChannel, packet.length >>> 8, packet.length & 0xff]), packet])
}
