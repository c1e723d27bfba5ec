/*
 * Bytes around each payload on the wire. RTP header 12 (RFC 3550 section 5.1), UDP 8, IPv4 20; Ethernet 38 = header 14, check sum 4,
 * preamble 8 and gap 12. RTSP interleaved: 4 (RFC 2326 section 10.12), TCP 32 with its timestamps (RFC 7323).
 */
const RTP = 12
const UDP = 8
const IPV4 = 20
const ETHERNET = 38
const INTERLEAVED = 4
const TCP = 32

/** What 1 bit of video is on an Ethernet wire, as RTP over UDP with so many bytes of payload a packet. */
export function rtpUdpFactor(payload: number): number {
  return (payload + RTP + UDP + IPV4 + ETHERNET) / payload
}

/** The same for RTP inside the RTSP connection (interleaved), each packet in a TCP segment of its own. */
export function rtspTcpFactor(payload: number): number {
  return (payload + RTP + INTERLEAVED + TCP + IPV4 + ETHERNET) / payload
}
