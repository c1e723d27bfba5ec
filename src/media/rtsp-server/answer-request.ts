import { messageOf } from '../../kernel/errors.ts'
import { cseqOf, type RtspRequest } from '../../wire/rtsp/index.ts'
import { answerDescribe } from './methods/describe.ts'
import { answerParameters } from './methods/parameters.ts'
import { answerPause, answerPlay, answerTeardown } from './methods/play.ts'
import { answerSetup } from './methods/setup.ts'
import { reply } from './reply.ts'
import { parseTarget } from './request-target.ts'
import type { ServerConnection } from './server-connection.ts'

type Method = (connection: ServerConnection, request: RtspRequest) => void | Promise<void>

const METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['OPTIONS', (connection, request) => reply(connection, request, 200, { headers: [['Public', PUBLIC]] })],
  ['DESCRIBE', answerDescribe],
  ['SETUP', answerSetup],
  ['PLAY', answerPlay],
  ['PAUSE', answerPause],
  ['TEARDOWN', answerTeardown],
  ['GET_PARAMETER', answerParameters],
  ['SET_PARAMETER', answerParameters],
])
const PUBLIC = [...METHODS.keys()].join(', ')
/** Methods of RFC 2326 that only a recording or redirecting server has. */
const NEVER = new Set(['ANNOUNCE', 'RECORD', 'REDIRECT'])

/** Answers one request. Never rejects: what goes wrong in it becomes a 500 and a line in the log. */
export async function answerRequest(connection: ServerConnection, request: RtspRequest): Promise<void> {
  try {
    await answer(connection, request)
  } catch (error) {
    const { log } = connection.server.options
    log.error({ method: request.method, error: messageOf(error) }, 'RTSP request failed')
    reply(connection, request, 500)
  }
}

async function answer(connection: ServerConnection, request: RtspRequest): Promise<void> {
  const { headers, method } = request
  if (cseqOf(request) === undefined) return reply(connection, request, 400, { reason: 'CSeq missing' })
  const required = headers.get('Require') ?? headers.get('Proxy-Require')
  if (required !== undefined) return reply(connection, request, 551, { headers: [['Unsupported', required]] })
  const known = METHODS.get(method)
  if (!known) return reply(connection, request, NEVER.has(method) ? 405 : 501, { headers: [['Allow', PUBLIC]] })
  // OPTIONS is the ping of many clients and tells nothing: it needs no login.
  if (method !== 'OPTIONS' && !(await admitted(connection, request))) return
  return known(connection, request)
}

/** Whether the client may ask that; when not, it has been answered. */
async function admitted(connection: ServerConnection, request: RtspRequest): Promise<boolean> {
  const { handler } = connection.server.options
  if (!handler.admit) return loggedIn(connection, request)
  const { address, visitor } = connection
  const target = parseTarget(request.uri)
  const admission = await handler.admit({ request, target, peer: address.remote, visitor })
  if (connection.closed) return false
  if ('visitor' in admission) {
    connection.visitor = admission.visitor
    return true
  }
  const { status, reason, challenges = [] } = admission
  reply(connection, request, status, { reason, headers: challengeLines(challenges) })
  return false
}

function loggedIn(connection: ServerConnection, request: RtspRequest): boolean {
  const { login, options } = connection.server
  const verdict = login ? login.verify(request) : 'ok'
  if (!login || verdict === 'ok') return true
  if (verdict === 'wrong') options.log.warn({ client: connection.address.remote.address }, 'RTSP login refused')
  reply(connection, request, 401, { headers: challengeLines(login.challenges(verdict === 'stale')) })
  return false
}

function challengeLines(challenges: readonly string[]): (readonly [string, string])[] {
  return challenges.map(value => ['WWW-Authenticate', value])
}
