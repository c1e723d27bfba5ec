import { createServer, type Server, type Socket } from 'node:net'
import { messageOf } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/log.ts'
import {
  PROTOCOL_VERSION,
  type WorkerHello,
  type WorkerReply,
  type WorkerRequest,
  type WorkerStatus,
} from './protocol.ts'

/** Bytes of one request: `apply` for thousands of cameras fits many times. */
const LINE_LIMIT = 16 * 1024 * 1024

/** What the control socket can ask of a worker. */
export interface Controllable {
  hello(): WorkerHello
  apply(request: Extract<WorkerRequest, { type: 'apply' }>): Promise<void>
  status(): WorkerStatus
  /** What stands before `position` in its journal is safe elsewhere. */
  acknowledge(position: number): void
  stop(): Promise<void>
}

/** Serves the worker's Unix socket: one JSON object a line, answered in order. Any number of daemons may be connected. */
export class ControlServer {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #worker: Controllable
  readonly #log: Logger

  constructor(worker: Controllable, log: Logger) {
    this.#worker = worker
    this.#log = log
    this.#server = createServer(socket => this.#serve(socket))
  }

  listen(path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(path, () => {
        this.#server.off('error', reject)
        resolve()
      })
    })
  }

  close(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.end()
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket)
    socket.setEncoding('utf8')
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#sockets.delete(socket))
    let pending: string[] = []
    let size = 0
    let queue = Promise.resolve()
    socket.on('data', (chunk: string) => {
      size += chunk.length
      if (size > LINE_LIMIT) {
        this.#log.error({ limit: LINE_LIMIT }, 'control request too long, connection closed')
        return socket.destroy()
      }
      if (!chunk.includes('\n')) return void pending.push(chunk)
      const lines = (pending.join('') + chunk).split('\n')
      const rest = lines.pop() ?? ''
      pending = rest === '' ? [] : [rest]
      size = rest.length
      for (const line of lines) {
        queue = queue.then(async () => {
          const reply = await this.#answer(line)
          if (socket.writable) socket.write(`${JSON.stringify(reply)}\n`)
        })
      }
    })
  }

  async #answer(line: string): Promise<WorkerReply> {
    let id = 0
    try {
      const request = JSON.parse(line) as WorkerRequest
      id = request.id
      return { id, ok: true, result: await this.#carryOut(request) }
    } catch (error) {
      return { id, ok: false, message: messageOf(error) }
    }
  }

  async #carryOut(request: WorkerRequest): Promise<WorkerHello | WorkerStatus | null> {
    switch (request.type) {
      case 'hello':
        if (request.protocol !== PROTOCOL_VERSION)
          throw new Error(`this worker speaks protocol ${PROTOCOL_VERSION}, the daemon speaks ${request.protocol}`)
        return this.#worker.hello()
      case 'apply':
        await this.#worker.apply(request)
        return null
      case 'status':
        return this.#worker.status()
      case 'acknowledge':
        this.#worker.acknowledge(request.position)
        return null
      case 'stop':
        await this.#worker.stop()
        return null
      default:
        throw new Error(`no such request: ${String((request as { type?: unknown }).type)}`)
    }
  }
}
