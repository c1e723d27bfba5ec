import type { IncomingMessage } from 'node:http'
import { isRefusal } from '../../access/index.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { TokenGate } from '../viewers/index.ts'
import { type Admitted, cookieHeader, type NotAdmitted } from './admission.ts'
import { type Answer, json, refusal } from './answer.ts'

/** Bytes of a sign-in: a token has 8 KiB at most. */
const BODY_LIMIT = 16 * 1024

/**
 * `/session`: POST takes a token out of a JSON body and sets the cookie, for players that cannot send headers; GET tells who
 * one is; DELETE takes the cookie away. The token stands in no address, so in no log.
 */
export async function signIn(
  request: IncomingMessage,
  who: Admitted | NotAdmitted,
  gate: TokenGate,
  clock: Clock,
): Promise<Answer> {
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return 'status' in who ? refusal(who.status, who.reason) : json(200, shown(who))
    case 'DELETE':
      return json(200, { user: null }, { 'set-cookie': cookieHeader('', 0) })
    case 'POST':
      return post(request, gate, clock)
    default:
      return refusal(405, 'GET, POST or DELETE', { allow: 'GET, HEAD, POST, DELETE' })
  }
}

async function post(request: IncomingMessage, gate: TokenGate, clock: Clock): Promise<Answer> {
  // A form of another site cannot send this type without asking first.
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) return refusal(415, 'JSON is wanted')
  const site = request.headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return refusal(403, 'not from another site')
  const body = await readBody(request)
  if (body === undefined) return refusal(413, 'the request is too large', { connection: 'close' })
  const token = tokenIn(body)
  if (token === undefined) return refusal(400, 'write { "token": "..." }')
  const answer = await gate.verify(token)
  if (isRefusal(answer)) return refusal(401, `the token is not taken: ${answer.fault}`)
  const seconds = (answer.expires - clock.wall()) / 1_000
  return json(200, shown({ grant: answer }), { 'set-cookie': cookieHeader(token, seconds) })
}

function shown({ grant }: Admitted) {
  return grant
    ? { user: grant.user, cameras: grant.cameras, expires: grant.expires }
    : { user: null, cameras: ['*'], expires: null }
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > BODY_LIMIT) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function tokenIn(body: string): string | undefined {
  try {
    const { token } = JSON.parse(body) as { token?: unknown }
    // What a token consists of, and what a cookie may hold.
    return typeof token === 'string' && /^[\w.-]{1,8192}$/.test(token) ? token : undefined
  } catch {
    return undefined
  }
}
