import type { RtspRequest } from '../../../wire/rtsp/index.ts'
import { PresentationHold } from '../presentation-hold.ts'
import { isRefusal, refuse, reply } from '../reply.ts'
import { baseOf, parseTarget } from '../request-target.ts'
import type { ServerConnection } from '../server-connection.ts'
import type { Refusal, RequestTarget } from '../types.ts'

/** DESCRIBE (RFC 2326 section 10.2). What it finds is held until the next one or the end of the connection. */
export async function answerDescribe(connection: ServerConnection, request: RtspRequest): Promise<void> {
  const accept = request.headers.get('Accept')
  if (accept !== undefined && !/application\/(sdp|\*)|\*\/\*/i.test(accept)) return reply(connection, request, 406)
  const target = parseTarget(request.uri)
  if (!target) return reply(connection, request, 404)
  const found = await describe(connection, target)
  if (connection.closed) return
  if (isRefusal(found)) return refuse(connection, request, found)
  reply(connection, request, 200, {
    headers: [
      ['Content-Base', `${baseOf(request.uri)}/`],
      ['Content-Type', 'application/sdp'],
      ['Cache-Control', 'no-cache'],
    ],
    body: found.content.sdp,
  })
}

/**
 * Asks the handler, and keeps what it finds as the connection's `described`. After the connection's end everything is
 * given back.
 */
export async function describe(
  connection: ServerConnection,
  target: RequestTarget,
): Promise<PresentationHold | Refusal> {
  const { handler } = connection.server.options
  const found = await handler.describe({ ...target, peer: connection.address.remote, signal: connection.signal })
  if (isRefusal(found)) return found
  const hold = new PresentationHold(found)
  if (connection.closed) {
    hold.release()
    return { status: 503, reason: 'client left' }
  }
  connection.described = { target, hold }
  return hold
}
