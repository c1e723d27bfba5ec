import type { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import { formatAddress, type ListenAddress } from '../../config/listen-address.ts'
import type { Clock } from '../../kernel/clock.ts'
import { messageOf, systemCode } from '../../kernel/errors.ts'
import { closeServer } from '../http/serve.ts'

interface Answering {
  fetch(request: Request): Response | Promise<Response>
}

/** Where MediaMTX's questions are answered: a port of this machine, with limits for whoever else may ask there. */
export class AuthDoor {
  readonly port: number
  readonly #server: Server
  readonly #clock: Clock

  private constructor(server: Server, clock: Clock) {
    this.#server = server
    this.#clock = clock
    this.port = (server.address() as { port: number }).port
  }

  /** Rejects with a sentence that says what key of vms.yaml names another port. */
  static async open({ host, port }: ListenAddress, app: Answering, clock: Clock): Promise<AuthDoor> {
    const server = createAdaptorServer({ fetch: request => app.fetch(request) }) as Server
    server.requestTimeout = 10_000
    server.headersTimeout = 5_000
    server.maxConnections = 500
    server.maxHeadersCount = 50
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host, resolve)
    }).catch(error => {
      const at = formatAddress({ host, port })
      const taken = systemCode(error) === 'EADDRINUSE'
      throw new Error(
        taken
          ? `port ${port}, where it asks who may watch, is taken by another program; mediamtx: { auth: "${host}:PORT" } names another`
          : `nobody can answer it at ${at}: ${messageOf(error)}; mediamtx.auth names another address`,
      )
    })
    return new AuthDoor(server, clock)
  }

  close(): Promise<void> {
    return closeServer(this.#server, this.#clock)
  }
}
