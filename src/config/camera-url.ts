import { quote } from './faults.ts'

/** A camera's URL with its user info taken out. */
export interface CameraUrl {
  /** As written, without user info: cameras are particular about the form of their paths. */
  readonly url: string
  readonly username: string | undefined
  readonly password: string | undefined
  /** The URL carries a password in its path or query, where it must stay. */
  readonly secretInPath: boolean
}

export interface UrlProblem {
  /** End of a sentence that begins with the name of the key. Never quotes a URL that could hold a password. */
  readonly problem: string
  readonly hint: string
}

const LONGEST_URL = 2_048
const AUTHORITY = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)/i
const IP_ADDRESS = /^(?:\d+\.\d+\.\d+\.\d+|\[[0-9a-f:.]+\])(?::\d+)?$/i
const SECRET_PARAMETER = /[?&;/](?:password|passwd|pass|pwd|psw)=[^&;#/]/i
const EXAMPLE = 'write it like "rtsp://10.0.0.11/stream1"'
const ENCODE = 'in a password or path, write @ as %40, / as %2F, # as %23, : as %3A; better, put it under credentials'

/** Takes a camera's URL apart. `rtsp` and `rtsps` (TLS) only; 2 048 characters at most. */
export function parseCameraUrl(text: string): CameraUrl | UrlProblem {
  if (text.length > LONGEST_URL)
    return { problem: `has ${text.length} characters`, hint: `${LONGEST_URL} are the most` }
  if (/[\s\x00-\x1f\x7f]/.test(text))
    return { problem: 'holds a space or a control character', hint: 'write a space as %20' }
  const match = AUTHORITY.exec(text)
  if (!match) return { problem: 'is not a URL', hint: EXAMPLE }
  const [start, scheme = '', authority = ''] = match
  if (!/^rtsps?$/i.test(scheme)) {
    return { problem: `begins with ${quote(`${scheme}://`)}; cameras are read over RTSP`, hint: EXAMPLE }
  }
  const at = authority.lastIndexOf('@')
  const host = authority.slice(at + 1)
  const rest = text.slice(start.length)
  // `rtsp://user:pa/ss@host/`: the slash ends the host, and what looks like host and port is user and password.
  if (rest.includes('@') && (at >= 0 || !IP_ADDRESS.test(host)))
    return { problem: 'has an "@" after the host', hint: ENCODE }
  if (!URL.canParse(`${scheme}://${host}/`))
    return { problem: 'has a host or a port that cannot be', hint: at < 0 ? EXAMPLE : ENCODE }
  if (host === '' || host.startsWith(':')) return { problem: 'has no host', hint: EXAMPLE }
  if (
    /^\d+\.\d+\.\d+\.\d+(?::|$)/.test(host) &&
    host
      .split(':')[0]!
      .split('.')
      .some(part => Number(part) > 255)
  )
    return {
      problem: `has the address ${host.split(':')[0]}, which cannot be`,
      hint: 'each of the four numbers is 0 to 255',
    }
  const [username, password] = at < 0 ? [] : splitUserInfo(authority.slice(0, at))
  return {
    url: `${scheme.toLowerCase()}://${host}${rest}`,
    username,
    password,
    secretInPath: SECRET_PARAMETER.test(rest),
  }
}

function splitUserInfo(userInfo: string): [string, string | undefined] {
  const colon = userInfo.indexOf(':')
  if (colon < 0) return [decode(userInfo), undefined]
  return [decode(userInfo.slice(0, colon)), decode(userInfo.slice(colon + 1))]
}

/** Percent-decoded; a stray `%` is taken as itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
