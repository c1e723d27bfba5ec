import type { IncomingHttpHeaders } from 'node:http'
import { type Grant, isRefusal } from '../../access/index.ts'
import { isLoopback } from '../../config/listen-address.ts'
import type { TokenGate } from '../viewers/index.ts'

/** The cookie that stands for a token where a player cannot send headers. */
const COOKIE = 'vms_view'

/** Who asks: somebody with a token, or `undefined`, somebody at this machine. */
export type Admitted = { readonly grant: Grant | undefined }

/** Refused: the status of HTTP, and the reason. */
export interface NotAdmitted {
  readonly status: 401 | 403
  readonly reason: string
}

/**
 * Decides who a request comes from. A token goes in `Authorization: Bearer`, or in the cookie. Where the port is this
 * machine's own, no token is needed by who is there: that is, not by what a proxy passes on, nor by a page of another site that
 * makes a browser ask in its name (DNS rebinding, cross-site requests).
 */
export async function admit(
  headers: IncomingHttpHeaders,
  open: boolean,
  gate: TokenGate,
): Promise<Admitted | NotAdmitted> {
  const bearer = bearerOf(headers)
  if (headers.authorization !== undefined && bearer === undefined) {
    return { status: 401, reason: 'the login is not a bearer token' }
  }
  const local = open && isLocal(headers)
  const token = bearer ?? cookieOf(headers)
  if (token !== undefined) {
    const answer = await gate.verify(token)
    if (!isRefusal(answer)) return { grant: answer }
    // An old cookie must not shut somebody out who needs none.
    if (bearer !== undefined || !local) return { status: 401, reason: `the token is not taken: ${answer.fault}` }
  }
  if (local) return { grant: undefined }
  return open
    ? { status: 401, reason: 'a token is needed: this request does not come from this machine itself' }
    : { status: 401, reason: 'a token is needed: vmsctl token create' }
}

/** The token of a request, wherever it stands. */
export function tokenOf(headers: IncomingHttpHeaders): string | undefined {
  return bearerOf(headers) ?? cookieOf(headers)
}

function bearerOf({ authorization }: IncomingHttpHeaders): string | undefined {
  return /^Bearer ([\w.~+/-]+=*)$/i.exec(authorization ?? '')?.[1]
}

function isLocal(headers: IncomingHttpHeaders): boolean {
  if (headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined || headers.via !== undefined)
    return false
  const site = headers['sec-fetch-site']
  if (site === 'cross-site' || site === 'same-site') return false
  // Browsers without Sec-Fetch-Site, and a proxy that says nothing of itself: the page that asks is not from here.
  if (headers.origin !== undefined && hostOf(headers.origin) !== headers.host?.toLowerCase()) return false
  const host = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]]+))(?::\d{1,5})?$/.exec(headers.host ?? '')
  return host !== null && isLoopback(host[1] ?? host[2] ?? '')
}

/** `host:port` of an origin (RFC 6454), undefined for `null` and for what is none. */
function hostOf(origin: string): string | undefined {
  return /^https?:\/\/([^/?#@]+)$/i.exec(origin)?.[1]?.toLowerCase()
}

function cookieOf({ cookie }: IncomingHttpHeaders): string | undefined {
  for (const pair of cookie?.split(';') ?? []) {
    const [name, value] = pair.trim().split('=', 2)
    if (name === COOKIE && value) return value
  }
  return undefined
}

/** The header that sets the cookie for `seconds`; an empty token takes it away. */
export function cookieHeader(token: string, seconds: number): string {
  return `${COOKIE}=${token}; Path=/; Max-Age=${Math.max(0, Math.floor(seconds))}; HttpOnly; SameSite=Strict`
}
