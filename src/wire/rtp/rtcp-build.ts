import { ntpFromUnix } from './ntp.ts'
import { type ReceptionReport, RTCP_TYPE } from './rtcp.ts'

/** Report blocks that one packet may carry: its count has five bits. */
const REPORT_LIMIT = 31

export interface ReceiverReportFields {
  /** Our own SSRC. */
  readonly ssrc: number
  /** At most 31 are sent. */
  readonly reports: readonly ReceptionReport[]
  /** Canonical name; cut at 255 bytes. Not a secret, not a host name that the site would hide. */
  readonly cname: string
}

export interface SenderReportFields extends ReceiverReportFields {
  /** Milliseconds since the Unix epoch. */
  readonly wall: number
  /** RTP timestamp of the same moment, taken modulo 2^32. */
  readonly timestamp: number
  readonly packetCount: number
  readonly octetCount: number
}

/** A compound of receiver report and source description, RFC 3550 sections 6.4.2 and 6.5. */
export function buildReceiverReport(fields: ReceiverReportFields): Buffer {
  const reports = fields.reports.slice(0, REPORT_LIMIT)
  const packet = Buffer.alloc(8 + reports.length * 24)
  writeHeader(packet, RTCP_TYPE.rr, reports.length, fields.ssrc)
  writeReports(packet, 8, reports)
  return Buffer.concat([packet, sourceDescription(fields.ssrc, fields.cname)])
}

/** A compound of sender report and source description, RFC 3550 sections 6.4.1 and 6.5. */
export function buildSenderReport(fields: SenderReportFields): Buffer {
  const reports = fields.reports.slice(0, REPORT_LIMIT)
  const packet = Buffer.alloc(28 + reports.length * 24)
  writeHeader(packet, RTCP_TYPE.sr, reports.length, fields.ssrc)
  const { seconds, fraction } = ntpFromUnix(fields.wall)
  packet.writeUInt32BE(seconds, 8)
  packet.writeUInt32BE(fraction, 12)
  packet.writeUInt32BE(fields.timestamp >>> 0, 16)
  packet.writeUInt32BE(fields.packetCount >>> 0, 20)
  packet.writeUInt32BE(fields.octetCount >>> 0, 24)
  writeReports(packet, 28, reports)
  return Buffer.concat([packet, sourceDescription(fields.ssrc, fields.cname)])
}

/** A goodbye packet for one source, RFC 3550 section 6.6. */
export function buildGoodbye(ssrc: number): Buffer {
  const packet = Buffer.alloc(8)
  writeHeader(packet, RTCP_TYPE.bye, 1, ssrc)
  return packet
}

function writeHeader(packet: Buffer, type: number, count: number, ssrc: number): void {
  packet[0] = 0x80 | count
  packet[1] = type
  packet.writeUInt16BE(packet.length / 4 - 1, 2)
  packet.writeUInt32BE(ssrc >>> 0, 4)
}

function writeReports(packet: Buffer, at: number, reports: readonly ReceptionReport[]): void {
  reports.forEach((report, index) => {
    const block = at + index * 24
    packet.writeUInt32BE(report.ssrc >>> 0, block)
    packet.writeUInt32BE(report.cumulativeLost & 0xffffff, block + 4)
    packet[block + 4] = report.fractionLost
    packet.writeUInt32BE(report.highestSequence >>> 0, block + 8)
    packet.writeUInt32BE(report.jitter >>> 0, block + 12)
    packet.writeUInt32BE(report.lastSenderReport >>> 0, block + 16)
    packet.writeUInt32BE(report.delaySinceSenderReport >>> 0, block + 20)
  })
}

function sourceDescription(ssrc: number, cname: string): Buffer {
  const name = Buffer.from(cname, 'utf8').subarray(0, 255)
  // Header, SSRC, item of two bytes and text, then 1 to 4 zeros up to a multiple of 32 bits.
  const packet = Buffer.alloc(8 + Math.ceil((2 + name.length + 1) / 4) * 4)
  writeHeader(packet, RTCP_TYPE.sdes, 1, ssrc)
  packet[8] = 1
  packet[9] = name.length
  name.copy(packet, 10)
  return packet
}
