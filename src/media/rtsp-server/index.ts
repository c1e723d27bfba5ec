export { RtspServer, type RtspServerOptions } from './rtsp-server.ts'
export { SendBuffer } from './send-buffer.ts'
export type {
  Admission,
  AdmitRequest,
  ConnectionAddress,
  Denial,
  DescribeRequest,
  Player,
  Presentation,
  Refusal,
  RequestTarget,
  RtpStart,
  RtspSession,
  SenderState,
  TrackTransport,
  Visitor,
} from './types.ts'
