export {
  Authenticator,
  type AuthVerdict,
  type RtspCredentials,
} from './auth/authenticator.ts'
export { type AuthFields, parseAuthorization, parseChallenges } from './auth/challenge.ts'
export { ServerAuthenticator, type ServerAuthOptions, type ServerAuthVerdict } from './auth/server-authenticator.ts'
export { RtspClientDialogue } from './dialogue/client-dialogue.ts'
export type { DialogueFailure, FailureKind } from './dialogue/failure.ts'
export type { ActiveTrack, DialogueEvent, DialogueOptions, DialogueStep } from './dialogue/types.ts'
export { RtspHeaders } from './headers.ts'
export { DEFAULT_SESSION_TIMEOUT, keepAliveMethod, keepAlivePeriod } from './keep-alive.ts'
export { cseqOf, type RtspMessage, type RtspRequest, type RtspResponse, reasonPhrase } from './message.ts'
export { parseMethods } from './method-list.ts'
export { type MediaRange, parseRange, serializeRange } from './range.ts'
export { parseRtpInfo, type RtpInfo, serializeRtpInfo } from './rtp-info.ts'
export { type HeaderLines, serializeRequest, serializeResponse } from './serialize.ts'
export { parseSession, type SessionHeader, serializeSession } from './session-header.ts'
export { DEFAULT_STREAM_LIMITS, type RtspStreamHandler, type RtspStreamLimits } from './stream-handler.ts'
export { RtspStreamParser } from './stream-parser.ts'
export { type NumberPair, parseTransport, serializeTransport, type Transport, transport } from './transport.ts'
export { baseUrl, type RtspUrl, redirectTarget, resolveControl, splitUrl, wireUrl } from './url.ts'
