import { Agent, type IncomingMessage, type OutgoingHttpHeaders, request, type ServerResponse } from 'node:http'
import { pipeline } from 'node:stream'
import type { Clock } from '../../kernel/clock.ts'
import { refusal, send } from './answer.ts'

/** Tells the one that answers where the client is. Believed at a Unix socket only. */
export const CLIENT_ADDRESS = 'x-vmsctl-client'

/** Milliseconds without a byte: longer than any blocked reload of a camera's. */
const QUIET_TIME = 120_000

/**
 * Headers of one connection, which are not passed on (RFC 9110 section 7.6.1). Those that `Connection` names besides are: a client could
 * name the ones by which it is seen where it comes from, or how long its body is.
 */
const HOP_BY_HOP = new Set([
  'connection',
  'expect',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Passes requests on to other processes of ours, at their Unix sockets, over connections that are kept. */
export class Forwarder {
  readonly #agent = new Agent({ keepAlive: true, maxFreeSockets: 64 })
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Passes a request on and its answer back. `missing` is said, with 503, where nobody answers at the socket. */
  pass(
    incoming: IncomingMessage,
    response: ServerResponse,
    socketPath: string,
    address: string,
    missing: string,
  ): void {
    // Node would send the body of any other method as it is, with nothing that says where it ends: another request, in somebody's name.
    const hasBody = incoming.method === 'POST'
    if (!hasBody && bringsBody(incoming)) {
      send(incoming, response, refusal(400, 'a body is for POST alone', { connection: 'close' }), this.#clock)
      return
    }
    const onward = request({
      agent: this.#agent,
      socketPath,
      method: incoming.method ?? 'GET',
      path: incoming.url ?? '/',
      headers: { ...kept(incoming.headers), [CLIENT_ADDRESS]: address },
      // A request without a Host is none of this machine's own.
      setHost: false,
      timeout: QUIET_TIME,
    })
    const fail = () => {
      if (!response.headersSent) send(incoming, response, refusal(503, missing, { 'retry-after': '2' }), this.#clock)
      else response.destroy()
    }
    onward.once('timeout', () => onward.destroy())
    onward.once('error', fail)
    onward.once('response', answer => {
      response.writeHead(answer.statusCode ?? 502, kept(answer.headers))
      pipeline(answer, response, () => {})
    })
    response.once('close', () => onward.destroy())
    if (hasBody) incoming.pipe(onward)
    else onward.end()
  }

  close(): void {
    this.#agent.destroy()
  }
}

function bringsBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'
}

function kept(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name) && name !== CLIENT_ADDRESS),
  )
}
