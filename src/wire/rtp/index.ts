export { ClockComparison } from './clock-comparison.ts'
export { createDepacketizer, createPacketizer } from './create.ts'
export { DecodeTimes } from './decode-times.ts'
export type { AccessUnit, AccessUnitBuffer, AccessUnitSink, Depacketizer } from './depacketizer.ts'
export { H264Depacketizer } from './h264-depacketizer.ts'
export { H264Packetizer } from './h264-packetizer.ts'
export { H265Depacketizer } from './h265-depacketizer.ts'
export { emptyRtpHeader, parseRtpHeader, RTP_HEADER_SIZE, writeRtpHeader } from './header.ts'
export { ntpFromUnix, unixFromNtp } from './ntp.ts'
export { PacketWriter } from './packet-writer.ts'
export type { Packetizer } from './packetizer.ts'
export { DROP, RtpReceiver } from './receiver.ts'
export { parseRtcp, type ReceptionReport } from './rtcp.ts'
export {
  buildGoodbye,
  buildReceiverReport,
  buildSenderReport,
} from './rtcp-build.ts'
export { TimestampUnwrapper } from './timestamps.ts'
