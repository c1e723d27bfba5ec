export { type ListenOptions, RtspServer, type RtspServerOptions } from './rtsp-server.ts'
export { SendBuffer } from './send-buffer.ts'
export {
  type ConnectionAddress,
  DEFAULT_LIMITS,
  type DescribeRequest,
  type PeerAddress,
  type Player,
  type Presentation,
  type Refusal,
  type RequestTarget,
  type RtpStart,
  type RtspHandler,
  type RtspServerLimits,
  type RtspSession,
  type SenderState,
  type TrackTransport,
} from './types.ts'
export { DEFAULT_UDP_PORTS, type PortRange } from './udp-pair.ts'
