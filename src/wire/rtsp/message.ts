import type { RtspHeaders } from './headers.ts'

/** A request of RFC 2326 section 6. */
export interface RtspRequest {
  readonly type: 'request'
  /** In upper case. */
  readonly method: string
  /** As it stands in the request line; `*` for a server as a whole. */
  readonly uri: string
  readonly headers: RtspHeaders
  readonly body: Buffer
}

/** An answer of RFC 2326 section 7. */
export interface RtspResponse {
  readonly type: 'response'
  /** 100 to 999. */
  readonly status: number
  /** Empty when the server gave none. */
  readonly reason: string
  readonly headers: RtspHeaders
  readonly body: Buffer
}

export type RtspMessage = RtspRequest | RtspResponse

/** The message's CSeq, or undefined when it has none or it is no number. */
export function cseqOf(message: RtspMessage): number | undefined {
  const digits = /^\s*(\d{1,10})/.exec(message.headers.get('CSeq') ?? '')?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** Reason phrases of RFC 2326 section 7.1.1, those that a server of ours sends or a person may read. */
const REASONS: Readonly<Record<number, string>> = {
  100: 'Continue',
  200: 'OK',
  301: 'Moved Permanently',
  302: 'Moved Temporarily',
  305: 'Use Proxy',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Time-out',
  413: 'Request Entity Too Large',
  415: 'Unsupported Media Type',
  451: 'Parameter Not Understood',
  453: 'Not Enough Bandwidth',
  454: 'Session Not Found',
  455: 'Method Not Valid in This State',
  456: 'Header Field Not Valid for Resource',
  457: 'Invalid Range',
  459: 'Aggregate Operation Not Allowed',
  460: 'Only Aggregate Operation Allowed',
  461: 'Unsupported Transport',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
  505: 'RTSP Version Not Supported',
  551: 'Option Not Supported',
}

/** Reason phrase of a status, empty for one that RFC 2326 does not know. */
export function reasonPhrase(status: number): string {
  return REASONS[status] ?? ''
}
