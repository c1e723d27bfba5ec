import type { RtspResponse } from './message.ts'

/** The parts of an rtsp: or rtsps: URL as they were written: nothing decoded, nothing normalised. */
export interface RtspUrl {
  /** `rtsp` or `rtsps`. */
  readonly scheme: string
  /** Still percent-encoded; undefined for none. */
  readonly userInfo: string | undefined
  /** Host and port as written. */
  readonly authority: string
  /** Path and query, with the leading slash; empty for none. */
  readonly path: string
}

/** Bytes of a URL that anybody may send. */
const MAX_URL = 8_192

/** Splits a URL; undefined for what is not rtsp: or rtsps:. A password may hold `@`: the host begins after the last one. */
export function splitUrl(url: string): RtspUrl | undefined {
  if (url.length > MAX_URL) return undefined
  const [, scheme, rest] = /^\s*(rtsps?)[tu]?:\/\/(.*)$/i.exec(url) ?? []
  if (scheme === undefined || rest === undefined) return undefined
  const pathStart = rest.search(/[/?#]/)
  const whole = pathStart < 0 ? rest : rest.slice(0, pathStart)
  const at = whole.lastIndexOf('@')
  const authority = whole.slice(at + 1).trim()
  const path = (pathStart < 0 ? '' : rest.slice(pathStart)).replace(/#.*$/, '').trim()
  if (authority === '') return undefined
  return { scheme: scheme.toLowerCase(), userInfo: at < 0 ? undefined : whole.slice(0, at), authority, path }
}

/** `url` as it goes on the wire: without user info and fragment, with a path. What is no RTSP URL comes back unchanged. */
export function wireUrl(url: string): string {
  const parts = splitUrl(url)
  if (!parts) return url
  return join(parts, parts.path.startsWith('/') ? parts.path : `/${parts.path}`)
}

/**
 * The URL against which controls are resolved (RFC 2326 section C.1.1): Content-Base, Content-Location, the request's URL.
 * Host and port are always those of the request: cameras behind NAT name addresses nobody can reach, or port 0.
 */
export function baseUrl(response: RtspResponse, requestUrl: string): string {
  for (const name of ['Content-Base', 'Content-Location']) {
    const value = response.headers.get(name)?.trim()
    if (!value) continue
    const base = onSameHost(value, requestUrl)
    if (base !== undefined) return base
  }
  return wireUrl(requestUrl)
}

/**
 * The URL of a track, or of the session, from a=control (RFC 2326 section C.1.1). Empty and `*` stand for the base itself.
 * A relative control goes to the very end of the base, query string included, not where RFC 3986 would put it: servers
 * build these URLs as text, and expect them back so. An absolute one keeps its path and gets the base's host and port.
 */
export function resolveControl(base: string, control: string): string {
  const wanted = control.trim()
  if (wanted === '' || wanted === '*') return base
  if (/^rtsps?[tu]?:\/\//i.test(wanted)) return onSameHost(wanted, base) ?? base
  if (wanted.startsWith('?')) return base + wanted
  const front = base.endsWith('/') ? base.slice(0, -1) : base
  return `${front}/${wanted.startsWith('/') ? wanted.slice(1) : wanted}`
}

/** The target of a 301, 302 or 305 answer or a REDIRECT request, without user info; undefined when it names none. */
export function redirectTarget(location: string | undefined, requestUrl: string): string | undefined {
  const target = location?.trim() ?? ''
  if (splitUrl(target)) return wireUrl(target)
  const from = splitUrl(requestUrl)
  return from && target.startsWith('/') && !target.startsWith('//') ? join(from, target.slice(0, MAX_URL)) : undefined
}

function onSameHost(url: string, requestUrl: string): string | undefined {
  const request = splitUrl(requestUrl)
  if (!request) return undefined
  const parts = splitUrl(url)
  if (parts) return join(request, parts.path === '' ? '/' : parts.path)
  return url.startsWith('/') && !url.startsWith('//') ? join(request, url.slice(0, MAX_URL)) : undefined
}

function join(parts: RtspUrl, path: string): string {
  return `${parts.scheme}://${parts.authority}${path}`
}
