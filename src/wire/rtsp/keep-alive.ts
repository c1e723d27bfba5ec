/** Session timeout where a server names none, milliseconds (RFC 2326 section 12.37). */
const DEFAULT_SESSION_TIMEOUT = 60_000

/**
 * Milliseconds between two keep-alives of a session with that timeout: half of it, within 5 s and 30 s; a server whose
 * timeout is shorter than 10 s gets them that much sooner, but never more than one a second.
 */
export function keepAlivePeriod(timeout: number | undefined): number {
  const limit = timeout ?? DEFAULT_SESSION_TIMEOUT
  const half = limit / 2
  return half >= 5_000 ? Math.min(half, 30_000) : Math.max(1_000, Math.min(5_000, limit * 0.6))
}

/** GET_PARAMETER where the server says that it has it, else OPTIONS, which every server must have. */
export function keepAliveMethod(publicMethods: ReadonlySet<string>): 'GET_PARAMETER' | 'OPTIONS' {
  return publicMethods.has('GET_PARAMETER') ? 'GET_PARAMETER' : 'OPTIONS'
}
