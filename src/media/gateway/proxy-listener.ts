import { chmodSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import type { Clock } from '../../kernel/clock.ts'
import { type ProxiedConnection, parseProxyLine } from './proxy-line.ts'

/** Milliseconds in which a peer has to send its line. */
const LINE_TIME = 2_000

/** Takes connections that other workers pass on, at a Unix socket: each begins with a PROXY protocol line. */
export class ProxyListener {
  readonly #clock: Clock
  readonly #path: string
  readonly #onConnection: (socket: Socket, connection: ProxiedConnection) => void
  readonly #open = new Set<Socket>()
  #server: Server | undefined

  constructor(path: string, clock: Clock, onConnection: (socket: Socket, connection: ProxiedConnection) => void) {
    this.#path = path
    this.#clock = clock
    this.#onConnection = onConnection
  }

  /** Listens, in place of whatever a dead process left there. Rejects with the system's error. */
  listen(): Promise<void> {
    rmSync(this.#path, { force: true })
    const server = createServer(socket => this.#incoming(socket))
    this.#server = server
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(this.#path, () => {
        server.off('error', reject)
        server.on('error', () => {})
        chmodSync(this.#path, 0o600)
        resolve()
      })
    })
  }

  async close(): Promise<void> {
    const server = this.#server
    if (!server) return
    this.#server = undefined
    for (const socket of this.#open) socket.destroy()
    await new Promise<void>(resolve => server.close(() => resolve()))
  }

  #incoming(socket: Socket): void {
    let received: Buffer = Buffer.alloc(0)
    this.#open.add(socket)
    const timer = this.#clock.after(LINE_TIME, () => socket.destroy()).unref()
    const done = () => {
      timer.cancel()
      this.#open.delete(socket)
    }
    const onData = (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      const line = parseProxyLine(received)
      if (line === undefined) return
      done()
      if (line === 'invalid') return void socket.destroy()
      socket.off('data', onData).off('close', done).pause()
      if (received.length > line.length) socket.unshift(received.subarray(line.length))
      this.#onConnection(socket, line.connection)
      socket.resume()
    }
    socket.on('data', onData)
    socket.once('close', done)
    socket.on('error', () => {})
  }
}
