import { unquote } from './parameters.ts'

/** What a PLAY answer says of one stream (RFC 2326 section 12.33). */
export interface RtpInfo {
  readonly url: string
  /** Sequence number of the first packet, 16 bits. */
  readonly sequence: number | undefined
  /** RTP timestamp of the first packet, 32 bits. */
  readonly timestamp: number | undefined
}

/** Streams that are read of one header. */
const MAX_STREAMS = 64

/**
 * Reads an RTP-Info header. URLs may hold commas and semicolons, quoted or not, so an entry ends only where the next one's
 * `url=` begins, and parameters are looked for behind the URL.
 */
export function parseRtpInfo(value: string): RtpInfo[] {
  return value
    .split(/(?:^|,)\s*url=/i)
    .slice(1, MAX_STREAMS + 1)
    .map(parseEntry)
}

/** The header's value. */
export function serializeRtpInfo(streams: readonly RtpInfo[]): string {
  return streams
    .map(({ url, sequence, timestamp }) => {
      const seq = sequence === undefined ? '' : `;seq=${sequence}`
      return `url=${url}${seq}${timestamp === undefined ? '' : `;rtptime=${timestamp}`}`
    })
    .join(',')
}

function parseEntry(text: string): RtpInfo {
  const parts = text.split(';')
  let sequence: number | undefined
  let timestamp: number | undefined
  // From the end: what comes before the first known parameter is the URL, semicolons and all.
  let urlParts = parts.length
  for (let i = parts.length - 1; i > 0; i--) {
    const [, name, digits] = /^\s*(seq|rtptime)\s*=\s*(\d{1,10})\s*,?\s*$/i.exec(parts[i] ?? '') ?? []
    if (name === undefined && !/^[\s,]*$/.test(parts[i] ?? '')) break
    urlParts = i
    if (name?.toLowerCase() === 'seq') sequence = Number(digits) % 65_536
    else if (name !== undefined) timestamp = Number(digits) % 4_294_967_296
  }
  const url = parts.slice(0, urlParts).join(';')
  return { url: unquote(trimEnd(url)), sequence, timestamp }
}

/** Without the comma and spaces that separate it from the next entry. */
function trimEnd(url: string): string {
  let end = url.length
  while (end > 0 && (url[end - 1] === ',' || url[end - 1] === ' ')) end--
  return url.slice(0, end).trim()
}
