import { randomBytes } from 'node:crypto'
import { createServer, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createServer as createTlsServer } from 'node:tls'
import type { Clock, Timer } from '../../kernel/clock.ts'
import { messageOf } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/log.ts'
import { type RtspCredentials, ServerAuthenticator } from '../../wire/rtsp/index.ts'
import { ServerConnection } from './server-connection.ts'
import { SessionTable } from './session-table.ts'
import { type ConnectionAddress, DEFAULT_LIMITS, type RtspHandler, type RtspServerLimits } from './types.ts'
import { DEFAULT_UDP_PORTS, type PortRange } from './udp-pair.ts'

/** Milliseconds between two looks at time limits. */
const SWEEP_PERIOD = 1_000
/** Milliseconds of silence before the kernel asks whether a client's host is still there. */
const KEEP_ALIVE = 15_000

export interface RtspServerOptions {
  readonly handler: RtspHandler
  readonly clock: Clock
  readonly log: Logger
  /** Gives a number in [0, 1); for ports, SSRCs. Session ids and nonces come from the system's own generator. */
  readonly random: () => number
  /** Demanded of every client; undefined: nobody is asked. */
  readonly credentials?: RtspCredentials | undefined
  /** Value of the Server header, and realm of the login; `vmsctl` by default. */
  readonly name?: string
  readonly limits?: Partial<RtspServerLimits>
  readonly udpPorts?: PortRange
}

export interface ListenOptions {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  /** Several processes listen on the same port, and the kernel spreads the connections. */
  readonly reusePort?: boolean
  /** PEM. With it, clients speak `rtsps`. */
  readonly tls?: { readonly cert: string; readonly key: string }
}

/** An RTSP 1.0 server: connections in, sessions of a {@link RtspHandler} out. Holds no content of its own. */
export class RtspServer {
  readonly options: RtspServerOptions
  readonly limits: RtspServerLimits
  readonly udpPorts: PortRange
  readonly name: string
  readonly table: SessionTable
  /** Checks logins where the handler does not `admit`; undefined when everybody is welcome. */
  login: ServerAuthenticator | undefined
  readonly #connections = new Set<ServerConnection>()
  readonly #listeners = new Set<Server>()
  readonly #sweeper: Timer

  constructor(options: RtspServerOptions) {
    this.options = options
    this.limits = { ...DEFAULT_LIMITS, ...options.limits }
    this.udpPorts = options.udpPorts ?? DEFAULT_UDP_PORTS
    this.name = options.name ?? 'vmsctl'
    this.table = new SessionTable(options.clock, options.log, this.limits)
    const { clock, credentials } = options
    if (credentials)
      this.login = new ServerAuthenticator({ realm: this.name, credentials, secret: randomBytes(32), clock })
    this.#sweeper = options.clock.every(SWEEP_PERIOD, () => this.#sweep()).unref()
  }

  get connections(): number {
    return this.#connections.size
  }

  /** Sessions, playing or about to. */
  get sessions(): number {
    return this.table.size
  }

  /** 128 bits from the system: whoever does not know a session cannot guess it. */
  newSessionId(): string {
    return randomBytes(16).toString('hex')
  }

  /** Listens; resolves with the port. Rejects with the system's error (EADDRINUSE, EACCES). May be called several times. */
  listen(options: ListenOptions): Promise<number> {
    const { limits } = this
    const socketOptions = { noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE }
    const server = options.tls
      ? createTlsServer({ ...socketOptions, ...options.tls, handshakeTimeout: limits.requestTime }, socket =>
          this.#incoming(socket, true),
        )
      : createServer(socketOptions, socket => this.#incoming(socket, false))
    server.maxConnections = limits.connections
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen({ host: options.host, port: options.port, reusePort: options.reusePort ?? false }, () => {
        server.off('error', reject)
        server.on('error', error => this.options.log.warn({ error: messageOf(error) }, 'RTSP listener'))
        this.#listeners.add(server)
        const address = server.address()
        resolve(typeof address === 'object' && address ? address.port : options.port)
      })
    })
  }

  /** Takes a connection that came some other way (a splice, a test). */
  accept(stream: Duplex, address: ConnectionAddress): void {
    if (this.#connections.size >= this.limits.connections) {
      this.options.log.warn({ client: address.remote.address }, 'too many RTSP connections')
      stream.on('error', () => {})
      stream.destroy()
      return
    }
    const connection: ServerConnection = new ServerConnection(this, stream, address, () => {
      this.#connections.delete(connection)
    })
    this.#connections.add(connection)
  }

  /** Stops listening at once; the connections there are stay. */
  stopListening(): void {
    for (const server of this.#listeners) server.close()
    this.#listeners.clear()
  }

  /** Ends everything: listeners, connections, sessions. Resolves when the ports are free. */
  async close(): Promise<void> {
    this.#sweeper.cancel()
    const closed = [...this.#listeners].map(server => new Promise<void>(resolve => server.close(() => resolve())))
    this.#listeners.clear()
    this.dropConnections('server closes')
    await Promise.all(closed)
  }

  /** Ends all connections and sessions, and goes on listening. */
  dropConnections(reason: string): void {
    for (const connection of [...this.#connections]) connection.close(reason)
    this.table.closeAll(reason)
  }

  #incoming(socket: Socket, secure: boolean): void {
    // Gone before we looked.
    if (socket.remoteAddress === undefined) return void socket.destroy()
    this.accept(socket, {
      secure,
      remote: { address: socket.remoteAddress, port: socket.remotePort ?? 0 },
      local: { address: socket.localAddress ?? '0.0.0.0', port: socket.localPort ?? 0 },
    })
  }

  #sweep(): void {
    const now = this.options.clock.monotonic()
    for (const connection of [...this.#connections]) connection.sweep(now)
    this.table.sweep(now)
  }
}
