import type { RtspRequest } from '../../../wire/rtsp/index.ts'
import { findSession, sessionHeader } from '../find-session.ts'
import { reply } from '../reply.ts'
import type { ServerConnection } from '../server-connection.ts'

/** GET_PARAMETER and SET_PARAMETER (RFC 2326 sections 10.8, 10.9): without a body, the keep-alive of most clients. */
export function answerParameters(connection: ServerConnection, request: RtspRequest): void {
  const named = request.headers.get('Session') !== undefined
  const session = findSession(connection, request)
  if (named && !session) return reply(connection, request, 454)
  const headers = session ? [sessionHeader(connection, session)] : []
  reply(connection, request, request.body.length > 0 ? 451 : 200, { headers })
}
