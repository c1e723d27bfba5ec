import { unixFromNtp } from './ntp.ts'

/** What a receiver says of one source, RFC 3550 section 6.4.1. */
export interface ReceptionReport {
  readonly ssrc: number
  /** Of 256 packets since the last report. */
  readonly fractionLost: number
  /** Since the beginning; negative when packets came twice. */
  readonly cumulativeLost: number
  /** Extended: wraps in the upper 16 bits. */
  readonly highestSequence: number
  /** Ticks of the RTP timestamp. */
  readonly jitter: number
  /** Middle 32 bits of the NTP time of the last sender report, 0 when none came. */
  readonly lastSenderReport: number
  /** Since that report came, in 1/65536 s. */
  readonly delaySinceSenderReport: number
}

interface SenderReport {
  readonly type: 'sender-report'
  readonly ssrc: number
  /** Sender's clock, milliseconds since the Unix epoch; undefined when it says that it has none. */
  readonly wall: number | undefined
  /** Middle 32 bits of the NTP time, to be sent back in receiver reports. */
  readonly ntpMiddle: number
  /** RTP timestamp of the same moment. */
  readonly timestamp: number
  readonly packetCount: number
  readonly octetCount: number
  readonly reports: readonly ReceptionReport[]
}

export type RtcpPacket =
  | SenderReport
  | { readonly type: 'receiver-report'; readonly ssrc: number; readonly reports: readonly ReceptionReport[] }
  | {
      readonly type: 'source-description'
      readonly names: readonly { readonly ssrc: number; readonly cname: string }[]
    }
  | { readonly type: 'goodbye'; readonly sources: readonly number[]; readonly reason: string }
  | { readonly type: 'application'; readonly ssrc: number; readonly name: string }
  | { readonly type: 'unknown'; readonly packetType: number }

/** Packets of one compound that are read. */
const PACKET_LIMIT = 64

export const RTCP_TYPE = { sr: 200, rr: 201, sdes: 202, bye: 203, app: 204 } as const

/**
 * The packets of the compound `bytes[start, end)`, RFC 3550 section 6. Reads up to the first that makes no sense, and keeps
 * what came before. Survives any bytes.
 */
export function parseRtcp(bytes: Uint8Array, start = 0, end = bytes.length): RtcpPacket[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const packets: RtcpPacket[] = []
  const last = Math.min(end, bytes.length)
  let at = Math.max(0, start)
  while (at + 4 <= last && packets.length < PACKET_LIMIT) {
    const first = view.getUint8(at)
    const size = 4 + view.getUint16(at + 2) * 4
    if (first >> 6 !== 2 || at + size > last) break
    const padding = first & 0x20 ? view.getUint8(at + size - 1) : 0
    const packet = parsePacket(view, view.getUint8(at + 1), first & 0x1f, at + 4, Math.max(at + 4, at + size - padding))
    if (!packet) break
    packets.push(packet)
    at += size
  }
  return packets
}

/** The body `[at, end)` of one packet; undefined when it is too short for what it says. */
function parsePacket(view: DataView, type: number, count: number, at: number, end: number): RtcpPacket | undefined {
  const left = end - at
  switch (type) {
    case RTCP_TYPE.sr: {
      if (left < 24 + count * 24) return undefined
      const seconds = view.getUint32(at + 4)
      const fraction = view.getUint32(at + 8)
      return {
        type: 'sender-report',
        ssrc: view.getUint32(at),
        wall: seconds === 0 && fraction === 0 ? undefined : unixFromNtp(seconds, fraction),
        ntpMiddle: ((seconds << 16) | (fraction >>> 16)) >>> 0,
        timestamp: view.getUint32(at + 12),
        packetCount: view.getUint32(at + 16),
        octetCount: view.getUint32(at + 20),
        reports: reportBlocks(view, at + 24, count),
      }
    }
    case RTCP_TYPE.rr:
      if (left < 4 + count * 24) return undefined
      return { type: 'receiver-report', ssrc: view.getUint32(at), reports: reportBlocks(view, at + 4, count) }
    case RTCP_TYPE.sdes:
      return { type: 'source-description', names: sourceNames(view, at, end, count) }
    case RTCP_TYPE.bye: {
      if (left < count * 4) return undefined
      const sources = Array.from({ length: count }, (_, index) => view.getUint32(at + index * 4))
      const text = at + count * 4
      return { type: 'goodbye', sources, reason: text < end ? textAt(view, text + 1, view.getUint8(text), end) : '' }
    }
    case RTCP_TYPE.app:
      return left < 8
        ? undefined
        : { type: 'application', ssrc: view.getUint32(at), name: textAt(view, at + 4, 4, end) }
    default:
      return { type: 'unknown', packetType: type }
  }
}

function reportBlocks(view: DataView, at: number, count: number): ReceptionReport[] {
  return Array.from({ length: count }, (_, index) => {
    const block = at + index * 24
    return {
      ssrc: view.getUint32(block),
      fractionLost: view.getUint8(block + 4),
      cumulativeLost: (view.getUint32(block + 4) << 8) >> 8,
      highestSequence: view.getUint32(block + 8),
      jitter: view.getUint32(block + 12),
      lastSenderReport: view.getUint32(block + 16),
      delaySinceSenderReport: view.getUint32(block + 20),
    }
  })
}

/** The canonical names of an SDES packet, RFC 3550 section 6.5. */
function sourceNames(view: DataView, start: number, end: number, count: number): { ssrc: number; cname: string }[] {
  const names: { ssrc: number; cname: string }[] = []
  let at = start
  for (let chunk = 0; chunk < count && at + 4 <= end; chunk++) {
    const ssrc = view.getUint32(at)
    at += 4
    while (at < end && view.getUint8(at) !== 0) {
      if (at + 2 > end) return names
      const size = view.getUint8(at + 1)
      if (view.getUint8(at) === 1) names.push({ ssrc, cname: textAt(view, at + 2, size, end) })
      at += 2 + size
    }
    // A zero ends the items, and as many as fill up to 32 bits.
    at = start + Math.floor((at - start) / 4 + 1) * 4
  }
  return names
}

function textAt(view: DataView, at: number, length: number, end: number): string {
  const size = Math.max(0, Math.min(length, end - at))
  return Buffer.from(view.buffer, view.byteOffset + at, size).toString('utf8')
}
