import { ID_PATTERN } from '../../config/ids.ts'
import { parseReloadQuery, type ReloadQuery } from '../../wire/hls/index.ts'
import type { StreamRole } from '../frame.ts'

/** What a request is for. */
export type RequestTarget =
  | { readonly kind: 'page'; readonly name: string }
  | { readonly kind: 'session' }
  | { readonly kind: 'api' }
  | { readonly kind: 'poster'; readonly camera: string }
  | { readonly kind: 'index'; readonly camera: string; readonly stream: StreamRole }
  | {
      readonly kind: 'playlist'
      readonly camera: string
      readonly stream: StreamRole
      readonly viewer: string
      readonly reload: ReloadQuery | undefined | 'invalid'
    }
  | {
      readonly kind: 'media'
      readonly camera: string
      readonly stream: StreamRole
      readonly viewer: string
      readonly name: string
    }

/** Name of the media playlist below a viewer's folder. */
export const PLAYLIST = 'live.m3u8'

const VIEWER = /^[0-9a-f]{24}$/
const MEDIA = /^(init|part|segment)\d{1,16}\.mp4$/
const PAGE = /^[a-z][a-z0-9.-]{0,40}$/

/**
 * Reads the target of a request (RFC 9112 section 3.2.1). Undefined for all that is not one of ours, letter for letter: nothing
 * is decoded, and no path is ever looked up on a disk.
 *
 *     /hls/CAMERA/STREAM/index.m3u8          /hls/CAMERA/poster.mp4
 *     /hls/CAMERA/STREAM/VIEWER/live.m3u8    /hls/CAMERA/STREAM/VIEWER/part12.mp4
 */
export function parseTarget(url: string): RequestTarget | undefined {
  const mark = url.indexOf('?')
  const path = mark < 0 ? url : url.slice(0, mark)
  if (path === '/' || path === '/watch') return { kind: 'page', name: 'index.html' }
  if (path === '/session') return { kind: 'session' }
  const [, area, ...rest] = path.split('/', 8)
  if (area === 'api') return { kind: 'api' }
  if (area === 'watch') return rest.length === 1 && PAGE.test(rest[0]!) ? { kind: 'page', name: rest[0]! } : undefined
  return area === 'hls' ? parseHls(rest, mark < 0 ? '' : url.slice(mark + 1)) : undefined
}

function parseHls([camera = '', stream = '', ...rest]: string[], query: string): RequestTarget | undefined {
  if (!ID_PATTERN.test(camera)) return undefined
  if (stream === 'poster.mp4' && rest.length === 0) return { kind: 'poster', camera }
  if (stream !== 'main' && stream !== 'sub') return undefined
  if (rest.length === 1) return rest[0] === 'index.m3u8' ? { kind: 'index', camera, stream } : undefined
  const [viewer = '', name = ''] = rest
  if (rest.length !== 2 || !VIEWER.test(viewer)) return undefined
  if (name === PLAYLIST) {
    return { kind: 'playlist', camera, stream, viewer, reload: parseReloadQuery(new URLSearchParams(query)) }
  }
  return MEDIA.test(name) ? { kind: 'media', camera, stream, viewer, name } : undefined
}
