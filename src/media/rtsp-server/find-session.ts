import { parseSession, type RtspRequest, serializeSession } from '../../wire/rtsp/index.ts'
import type { ServerConnection } from './server-connection.ts'
import type { ServerSession } from './server-session.ts'

/**
 * The session of a request, which counts as a sign of life. A client that has one session and forgets the header means that
 * one. Sessions over UDP may be reached from another connection of the same host, since they outlive their own.
 */
export function findSession(connection: ServerConnection, request: RtspRequest): ServerSession | undefined {
  const session = lookUp(connection, request.headers.get('Session'))
  if (session) session.lastHeard = connection.server.options.clock.monotonic()
  return session
}

/** The Session header of answers. */
export function sessionHeader(connection: ServerConnection, session: ServerSession): readonly [string, string] {
  return ['Session', serializeSession({ id: session.id, timeout: connection.server.limits.sessionTime })]
}

function lookUp(connection: ServerConnection, header: string | undefined): ServerSession | undefined {
  if (header === undefined) {
    const [only, another] = connection.sessions
    return another ? undefined : only
  }
  const session = connection.server.table.get(parseSession(header)?.id ?? '')
  if (!session || connection.sessions.has(session)) return session
  return session.udp && session.peer.address === connection.address.remote.address ? session : undefined
}
