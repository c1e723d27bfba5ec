import { createServer, type Server, type Socket } from 'node:net'
import { messageOf } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/log.ts'
import type { LiveControl } from './live-control.ts'
import {
  PROTOCOL_VERSION,
  type WorkerHello,
  type WorkerReply,
  type WorkerRequest,
  type WorkerResult,
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
  /** What concerns viewing. */
  readonly live: Pick<LiveControl, 'hold' | 'connectionEnded' | 'open' | 'sessions' | 'endSession' | 'access'>
  stop(): Promise<void>
}

/** One daemon, as requests see it. */
interface Connection {
  /** Aborts when the daemon is gone. */
  readonly signal: AbortSignal
}

/**
 * Serves the worker's Unix socket: one JSON object a line, answered in order, but for `open`, which nothing waits for. Any number
 * of daemons may be connected.
 */
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
    const aborter = new AbortController()
    const connection: Connection = { signal: aborter.signal }
    socket.on('close', () => {
      this.#sockets.delete(socket)
      aborter.abort()
      this.#worker.live.connectionEnded(connection)
    })
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
      const answer = async (request: WorkerRequest | undefined) => {
        const reply = await this.#answer(request, connection)
        if (socket.writable) socket.write(`${JSON.stringify(reply)}\n`)
      }
      for (const line of lines) {
        const request = parse(line)
        queue = queue.then(() => (request?.type === 'open' ? void answer(request) : answer(request)))
      }
    })
  }

  async #answer(request: WorkerRequest | undefined, connection: Connection): Promise<WorkerReply> {
    const id = request?.id ?? 0
    try {
      if (!request) throw new Error('not a request: a JSON object with id and type')
      return { id, ok: true, result: await this.#carryOut(request, connection) }
    } catch (error) {
      return { id, ok: false, message: messageOf(error) }
    }
  }

  async #carryOut(request: WorkerRequest, connection: Connection): Promise<WorkerResult> {
    const worker = this.#worker
    switch (request.type) {
      case 'hello':
        if (request.protocol !== PROTOCOL_VERSION)
          throw new Error(`this worker speaks protocol ${PROTOCOL_VERSION}, the daemon speaks ${request.protocol}`)
        return worker.hello()
      case 'apply':
        await worker.apply(request)
        return null
      case 'status':
        return worker.status()
      case 'acknowledge':
        worker.acknowledge(request.position)
        return null
      case 'hold':
        // Behind a slow `apply` the daemon may have gone meanwhile, and nobody would ever let go.
        if (!connection.signal.aborted) worker.live.hold(connection, request.streams)
        return null
      case 'open':
        return worker.live.open(request, connection.signal)
      case 'sessions':
        return worker.live.sessions()
      case 'end-session':
        return worker.live.endSession(request.session, request.reason)
      case 'access':
        worker.live.access(request.rules)
        return null
      case 'stop':
        await worker.stop()
        return null
      default:
        throw new Error(`no such request: ${String((request as { type?: unknown }).type)}`)
    }
  }
}

function parse(line: string): WorkerRequest | undefined {
  try {
    const request = JSON.parse(line) as WorkerRequest | null
    return typeof request === 'object' && request !== null ? request : undefined
  } catch {
    return undefined
  }
}
