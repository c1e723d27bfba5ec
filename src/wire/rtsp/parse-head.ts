import { RtspHeaders } from './headers.ts'
import type { RtspMessage, RtspRequest, RtspResponse } from './message.ts'

/** A message without its body, and how long the body is. */
export interface RtspHead {
  readonly start: Omit<RtspRequest, 'body'> | Omit<RtspResponse, 'body'>
  readonly contentLength: number
}

/** Why a header block is no RTSP; `fatal` when the peer speaks something else altogether. */
export interface HeadFault {
  readonly fault: string
  readonly fatal: boolean
}

/**
 * Reads a header block, start line to empty line, as RFC 2326 sections 4 to 7 have it and cameras bend it: bare LF, folded
 * lines, spaces before the colon, no reason phrase, lines without a colon (left out).
 */
export function parseHead(text: string): RtspHead | HeadFault {
  const lines = text.split('\n')
  const startLine = withoutBreak(lines[0] ?? '').trim()
  const headers = parseHeaderLines(lines)
  const start = parseStartLine(startLine, headers)
  if ('fault' in start) return start
  const length = headers.get('Content-Length')
  if (length === undefined) return { start, contentLength: 0 }
  const digits = /^\d+/.exec(length)?.[0]
  if (digits === undefined) return { fault: 'Content-Length is no number', fatal: false }
  return { start, contentLength: Number(digits) }
}

/** Adds the body to a head. */
export function withBody(head: RtspHead, body: Buffer): RtspMessage {
  return { ...head.start, body }
}

function parseStartLine(line: string, headers: RtspHeaders): RtspHead['start'] | HeadFault {
  const first = line.indexOf(' ')
  const word = (first < 0 ? line : line.slice(0, first)).toUpperCase()
  const rest = first < 0 ? '' : line.slice(first + 1).trim()
  if (word.startsWith('HTTP/')) return { fault: 'the peer speaks HTTP, not RTSP', fatal: true }
  if (word.startsWith('RTSP/')) {
    const status = /^\d{3}(?!\d)/.exec(rest)?.[0]
    if (status === undefined || status < '100') return { fault: 'a status line without a status', fatal: false }
    return { type: 'response', status: Number(status), reason: rest.slice(3).trim(), headers }
  }
  const last = rest.lastIndexOf(' ')
  if (last < 0 || !/^RTSP\/\d/i.test(rest.slice(last + 1)))
    return { fault: 'a request line without URL or version', fatal: false }
  return { type: 'request', method: word, uri: rest.slice(0, last).trim(), headers }
}

function parseHeaderLines(lines: readonly string[]): RtspHeaders {
  const headers = new RtspHeaders()
  let name = ''
  let value: string[] = []
  const finish = () => {
    if (name !== '') headers.add(name, value.join(' ').trim())
  }
  for (let i = 1; i < lines.length; i++) {
    const line = withoutBreak(lines[i] ?? '')
    if (line.startsWith(' ') || line.startsWith('\t')) {
      value.push(line.trim())
      continue
    }
    finish()
    const colon = line.indexOf(':')
    name = colon > 0 ? line.slice(0, colon).trim() : ''
    value = [line.slice(colon + 1).trim()]
  }
  finish()
  return headers
}

function withoutBreak(line: string): string {
  let end = line.length
  while (end > 0 && line.charCodeAt(end - 1) === 13) end--
  return line.slice(0, end)
}
