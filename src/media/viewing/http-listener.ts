import { chmodSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { ListenOptions, Socket } from 'node:net'
import { messageOf } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/log.ts'

/** Connections at once: more than the descriptors that a worker can spare would take recording's. */
const MOST_CONNECTIONS = 2_000
/** Bytes of all headers of a request: a token has 8 KiB at most. */
const HEADER_BYTES = 16 * 1024
const HEADERS_TIME = 10_000
/** Milliseconds for a whole request, its body included. */
const REQUEST_TIME = 15_000
/** Milliseconds that a connection is kept without a request: players without low latency ask once a segment. */
const KEEP_ALIVE_TIME = 30_000

export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => void

/** HTTP servers with the same limits, on ports and Unix sockets. */
export class HttpListener {
  readonly #handler: HttpHandler
  readonly #log: Logger
  readonly #ports = new Set<Server>()
  readonly #all = new Set<Server>()

  constructor(handler: HttpHandler, log: Logger) {
    this.#handler = handler
    this.#log = log
  }

  /** Listens on a port; resolves with it. Rejects with the system's error. */
  async listen(options: ListenOptions): Promise<number> {
    const server = await this.#serve(options)
    this.#ports.add(server)
    const address = server.address()
    return typeof address === 'object' && address ? address.port : (options.port ?? 0)
  }

  /** Listens at a Unix socket for this user's processes, in place of whatever a dead process left there. */
  async listenAt(path: string): Promise<void> {
    rmSync(path, { force: true })
    await this.#serve({ path })
    chmodSync(path, 0o600)
  }

  /** Ends the ports; requests under way are answered. */
  stopListening(): void {
    for (const server of this.#ports) {
      server.close(() => this.#all.delete(server))
      server.closeIdleConnections()
    }
    this.#ports.clear()
  }

  async close(): Promise<void> {
    const servers = [...this.#all]
    this.#all.clear()
    await Promise.all(
      servers.map(server => {
        const closed = new Promise<void>(resolve => server.close(() => resolve()))
        server.closeAllConnections()
        return closed
      }),
    )
  }

  #serve(options: ListenOptions): Promise<Server> {
    const server = createServer(
      {
        maxHeaderSize: HEADER_BYTES,
        headersTimeout: HEADERS_TIME,
        requestTimeout: REQUEST_TIME,
        keepAliveTimeout: KEEP_ALIVE_TIME,
        noDelay: true,
      },
      this.#handler,
    )
    server.maxConnections = MOST_CONNECTIONS
    server.on('clientError', refuse)
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(options, () => {
        server.off('error', reject)
        server.on('error', error => this.#log.warn({ error: messageOf(error) }, 'HTTP listener'))
        this.#all.add(server)
        resolve(server)
      })
    })
  }
}

/** What is no HTTP, or more than is taken of it. */
function refuse(error: NodeJS.ErrnoException, socket: import('node:stream').Duplex): void {
  const { writable } = socket as Socket
  if (error.code === 'ECONNRESET' || !writable) return void socket.destroy()
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request'
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
