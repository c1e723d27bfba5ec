import { buildSenderReport } from '../../wire/rtp/index.ts'
import type { ServerSession } from './server-session.ts'
import type { Player } from './types.ts'

/** Sends a sender report for each track that has sent something; the session's id is the CNAME that ties them together. */
export function sendReports(session: ServerSession, player: Player): void {
  session.tracks.forEach((track, index) => {
    const state = track && player.report(index)
    if (!track || !state) return
    const packet = buildSenderReport({
      ssrc: track.ssrc,
      reports: [],
      cname: session.id,
      wall: state.wall,
      timestamp: state.timestamp,
      packetCount: state.packets,
      octetCount: state.octets,
    })
    const header = Buffer.from([0x24, track.rtcpChannel, packet.length >>> 8, packet.length & 0xff])
    session.send(Buffer.concat([header, packet]))
  })
}
