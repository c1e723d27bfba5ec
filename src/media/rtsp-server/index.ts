export { RtspServer, type RtspServerOptions } from './rtsp-server.ts'
export { SendBuffer } from './send-buffer.ts'
export type {
  ConnectionAddress,
  DescribeRequest,
  Player,
  Presentation,
  Refusal,
  RequestTarget,
  RtpStart,
  RtspSession,
  SenderState,
  TrackTransport,
} from './types.ts'
