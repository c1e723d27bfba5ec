import { parseAuthorization, type RtspRequest } from '../../wire/rtsp/index.ts'

/** Behind either may stand the name of a track: clients put it at the end of the URL, query or not. */
const TOKEN = /(?:^|&)token=([\w.-]*)/
const PURPOSE = /(?:^|&)for=(mediamtx|ffmpeg)(?![\w-])/

/** Whether a query says that one of our own programs reads: `?for=mediamtx` passes on, `?for=ffmpeg` records. */
export function isForOurs(query: string): boolean {
  return PURPOSE.test(query)
}

/** Whether it is MediaMTX, with viewers of its own behind it. */
export function isForRelay(query: string): boolean {
  return PURPOSE.exec(query)?.[1] === 'mediamtx'
}

/**
 * The token of a request: `?token=` of its URL, else the password of a Basic login (RFC 7617), whatever the user name is.
 * Undefined where there is neither.
 */
export function tokenOf(request: RtspRequest, query: string): string | undefined {
  const [, written] = TOKEN.exec(query) ?? []
  if (written !== undefined) return written
  const given = parseAuthorization(request.headers.get('Authorization'))
  if (given?.scheme !== 'basic') return undefined
  const login = Buffer.from(given.token, 'base64').toString('latin1')
  // A token has no colon, and a user name may.
  return login.slice(login.lastIndexOf(':') + 1)
}
