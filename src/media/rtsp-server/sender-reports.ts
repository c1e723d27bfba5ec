import type { ServerSession } from './server-session.ts'
import type { Player, SenderState } from './types.ts'

/** Seconds from 1900 (NTP) to 1970 (Unix). */
const NTP_EPOCH = 2_208_988_800

/** Sends a sender report for each track that has sent something, with the CNAME that ties them together. */
export function writeSenderReports(session: ServerSession, player: Player): void {
  session.tracks.forEach((track, index) => {
    const state = track && player.report(index)
    if (track && state) session.send(senderReport(track.rtcpChannel, track.ssrc, session.id, state))
  })
}

/** SR and SDES (RFC 3550 sections 6.4.1 and 6.5) behind an interleaved header. */
function senderReport(channel: number, ssrc: number, cname: string, state: SenderState): Buffer {
  const sdes = 8 + 4 * Math.ceil((2 + cname.length + 1) / 4)
  const bytes = Buffer.alloc(4 + 28 + sdes)
  bytes.writeUInt8(0x24, 0)
  bytes.writeUInt8(channel, 1)
  bytes.writeUInt16BE(28 + sdes, 2)
  bytes.writeUInt16BE(0x80c8, 4)
  bytes.writeUInt16BE(6, 6)
  bytes.writeUInt32BE(ssrc, 8)
  const seconds = Math.floor(state.wall / 1_000)
  bytes.writeUInt32BE((seconds + NTP_EPOCH) >>> 0, 12)
  bytes.writeUInt32BE(Math.floor(((state.wall - seconds * 1_000) / 1_000) * 2 ** 32), 16)
  bytes.writeUInt32BE(state.timestamp >>> 0, 20)
  bytes.writeUInt32BE(state.packets >>> 0, 24)
  bytes.writeUInt32BE(state.octets >>> 0, 28)
  bytes.writeUInt16BE(0x81ca, 32)
  bytes.writeUInt16BE(sdes / 4 - 1, 34)
  bytes.writeUInt32BE(ssrc, 36)
  bytes.writeUInt8(1, 40)
  bytes.writeUInt8(cname.length, 41)
  bytes.write(cname, 42, 'latin1')
  return bytes
}
