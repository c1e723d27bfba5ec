export type { AudioCodec } from './audio-feed.ts'
export type { LoginScheme } from './camera-login.ts'
export type { SendingsCheck } from './check-sendings.ts'
export { connectVirtualCameras, VirtualCamerasClient } from './control-client.ts'
export type { ControlReply, ControlRequest, VirtualCamerasInfo } from './control-protocol.ts'
export { listenForControl } from './control-server.ts'
export { FAULT_KINDS, type Fault, type FaultKind, formatFault, type PlannedFault, parseFault } from './fault.ts'
export { decodeMark, type FrameMark, findMark, MARK_UUID } from './frame-mark.ts'
export type { Gap } from './number-ledger.ts'
export { DEFAULT_OPTIONS, type JoinPoint, type VirtualCamerasOptions } from './options.ts'
export { renderVerdict } from './render-verdict.ts'
export { selfSignedCertificate } from './self-signed.ts'
export type { SentRange, SentSession } from './send-ledger.ts'
export { readSimulateOptions, type SimulateText } from './simulate-options.ts'
export { siteSnippet } from './site-snippet.ts'
export { spawnVirtualCameras, type VirtualCamerasProcess } from './spawn.ts'
export { type FrameVerdict, type StreamVerdict, type VerifyFramesOptions, verifyFrames } from './verify-frames.ts'
export type { ParameterSetPlace } from './video-feed.ts'
export {
  type StreamSendings,
  VirtualCameras,
  type VirtualCamerasStatistics,
  type VirtualCameraUrls,
} from './virtual-cameras.ts'
