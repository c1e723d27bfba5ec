import { Agent, type IncomingMessage, type OutgoingHttpHeaders, request, type ServerResponse } from 'node:http'
import { pipeline } from 'node:stream'
import type { Clock } from '../../kernel/clock.ts'
import { refusal, send } from './answer.ts'

/** Tells the one that answers where the client is. Believed at a Unix socket only. */
export const CLIENT_ADDRESS = 'x-vmsctl-client'

/** Milliseconds without a byte: longer than any blocked reload of a camera's. */
const QUIET_TIME = 120_000

/** Headers of one connection, which are not passed on (RFC 9110 section 7.6.1). */
const HOP_BY_HOP = ['connection', 'keep-alive', 'proxy-connection', 'te', 'transfer-encoding', 'upgrade', 'trailer']

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
    const onward = request({
      agent: this.#agent,
      socketPath,
      method: incoming.method ?? 'GET',
      path: incoming.url ?? '/',
      headers: { ...kept(incoming.headers), [CLIENT_ADDRESS]: address },
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
    incoming.pipe(onward)
  }

  close(): void {
    this.#agent.destroy()
  }
}

function kept(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  const named = String(headers.connection ?? '')
    .toLowerCase()
    .split(',')
    .map(name => name.trim())
  const own = { ...headers }
  for (const name of [...HOP_BY_HOP, CLIENT_ADDRESS, ...named]) delete own[name]
  return own
}
