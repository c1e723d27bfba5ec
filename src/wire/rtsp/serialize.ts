import { reasonPhrase } from './message.ts'

/** Header lines of a message to be sent; RtspHeaders is one. Content-Length is added for a body and must not be in it. */
export type HeaderLines = Iterable<readonly [name: string, value: string]>

/** Bytes of a request. Line breaks in what is given become spaces: nobody slips a header into a URL. */
export function serializeRequest(
  method: string,
  uri: string,
  headers: HeaderLines,
  body?: Uint8Array | string,
): Buffer {
  return serialize(`${clean(method)} ${requestUri(uri)} RTSP/1.0`, headers, body)
}

/** `uri` as a request line can carry it: what is not printable ASCII is percent-encoded (RFC 3986 section 2.1). */
export function requestUri(uri: string): string {
  return uri.toWellFormed().replace(/[^\x21-\x7e]/gu, character => encodeURIComponent(character))
}

/** Bytes of a response. `reason` defaults to the phrase of RFC 2326. */
export function serializeResponse(
  status: number,
  headers: HeaderLines,
  body?: Uint8Array | string,
  reason = reasonPhrase(status),
): Buffer {
  return serialize(`RTSP/1.0 ${status} ${clean(reason)}`, headers, body)
}

function serialize(startLine: string, headers: HeaderLines, body: Uint8Array | string | undefined): Buffer {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  let head = `${startLine}\r\n`
  for (const [name, value] of headers) head += `${clean(name)}: ${clean(value)}\r\n`
  if (bytes && bytes.length > 0) head += `Content-Length: ${bytes.length}\r\n`
  const start = Buffer.from(`${head}\r\n`, 'latin1')
  return bytes && bytes.length > 0 ? Buffer.concat([start, bytes]) : start
}

function clean(text: string): string {
  return text.replace(/[\r\n\0]/g, ' ')
}
