import { splitUrl } from '../../wire/rtsp/index.ts'
import type { RequestTarget } from './types.ts'

/** Characters that the path of a request may have, and the whole URL: its query may hold a token. */
const MAX_PATH = 2_048
const MAX_URL = 10_240

/**
 * Path and query of a request's URL (absolute, or a path alone). Undefined for `*`, for what is no RTSP URL, and for
 * percent-encoding that is broken or hides a control character.
 */
export function parseTarget(uri: string): RequestTarget | undefined {
  if (uri.length > MAX_URL) return undefined
  const written = uri.startsWith('/') ? uri : splitUrl(uri)?.path
  if (written === undefined) return undefined
  const mark = written.indexOf('?')
  const raw = mark < 0 ? written : written.slice(0, mark)
  if (raw.length > MAX_PATH) return undefined
  const path = decode(trimSlashes(raw))
  if (path === undefined || (path !== '' && !path.startsWith('/'))) return undefined
  return { path: path === '' ? '/' : path, query: mark < 0 ? '' : trimSlashes(written.slice(mark + 1)) }
}

/** `uri` without user info and without slashes at its end: the stem of control URLs. */
export function baseOf(uri: string): string {
  const parts = splitUrl(uri)
  return trimSlashes(parts ? `${parts.scheme}://${parts.authority}${parts.path}` : uri)
}

/** `uri` without its last segment: the presentation of a track's URL. Control names have no slash. */
export function parentOf(uri: string): string {
  const base = baseOf(uri)
  return base.slice(0, base.lastIndexOf('/'))
}

/** Which of `controls` the URL names by its last segment, or -1. */
export function controlIndex(uri: string, controls: readonly string[]): number {
  const base = baseOf(uri)
  return controls.indexOf(base.slice(base.lastIndexOf('/') + 1))
}

function trimSlashes(text: string): string {
  let end = text.length
  while (end > 0 && text[end - 1] === '/') end--
  return text.slice(0, end)
}

function decode(text: string): string | undefined {
  try {
    const path = decodeURIComponent(text)
    return /[\0-\x1f\x7f]/.test(path) ? undefined : path
  } catch {
    return undefined
  }
}
