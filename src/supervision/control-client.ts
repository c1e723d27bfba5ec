import { connect, type Socket } from 'node:net'
import type { Clock, Timer } from '../kernel/clock.ts'
import { messageOf, VmsError } from '../kernel/errors.ts'
import {
  PROTOCOL_VERSION,
  type WorkerHello,
  type WorkerReply,
  type WorkerRequest,
  type WorkerStatus,
} from '../media/worker/protocol.ts'

/** Characters of one reply: the status of thousands of cameras fits many times. */
const LINE_LIMIT = 16 * 1024 * 1024

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never
export type ControlRequest = WithoutId<WorkerRequest>

/** A worker answered a request with a refusal; its message says why. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused'
}

interface Pending {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
  readonly timer: Timer
}

/**
 * The daemon's end of a worker's control socket: JSON lines, replies matched to requests by id. It ends once and for all
 * with {@link closed}; end of file there is also how the daemon learns within milliseconds that a worker died.
 */
export class ControlClient {
  /** Resolves with the reason when the connection is gone; never rejects. */
  readonly closed: Promise<string>
  readonly #socket: Socket
  readonly #clock: Clock
  readonly #pending = new Map<number, Pending>()
  #lastId = 0
  #text: string[] = []
  #size = 0
  #end!: (reason: string) => void
  #over = false

  private constructor(socket: Socket, clock: Clock) {
    this.#socket = socket
    this.#clock = clock
    this.closed = new Promise(resolve => {
      this.#end = resolve
    })
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => this.#read(chunk))
    socket.on('error', error => this.#finish(messageOf(error)))
    socket.on('close', () => this.#finish('the worker closed the connection'))
  }

  /** Connects to the worker's socket. Rejects with the system's error (ENOENT, ECONNREFUSED) when nobody listens. */
  static connect(path: string, clock: Clock): Promise<ControlClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ path })
      socket.once('error', reject)
      socket.once('connect', () => {
        socket.off('error', reject)
        resolve(new ControlClient(socket, clock))
      })
    })
  }

  hello(timeout: number): Promise<WorkerHello> {
    return this.request<WorkerHello>({ type: 'hello', protocol: PROTOCOL_VERSION }, timeout)
  }

  status(timeout: number): Promise<WorkerStatus> {
    return this.request<WorkerStatus>({ type: 'status' }, timeout)
  }

  /**
   * Sends a request and waits for its reply. Rejects with {@link RequestRefused}, with VMS_E_TIMEOUT after `timeout`
   * milliseconds (a late reply is then dropped), or with VMS_E_REMOTE when the connection ends first.
   */
  request<T>(request: ControlRequest, timeout: number): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#over) return reject(new VmsError('VMS_E_REMOTE', 'the connection to the worker is closed'))
      const id = ++this.#lastId
      const timer = this.#clock.after(timeout, () => {
        this.#pending.delete(id)
        reject(new VmsError('VMS_E_TIMEOUT', `the worker did not answer "${request.type}" within ${timeout / 1000} s`))
      })
      this.#pending.set(id, { resolve: resolve as (result: unknown) => void, reject, timer })
      this.#socket.write(`${JSON.stringify({ ...request, id })}\n`)
    })
  }

  close(): void {
    this.#finish('closed by the daemon')
  }

  #read(chunk: string): void {
    this.#size += chunk.length
    if (this.#size > LINE_LIMIT) return this.#finish(`a reply of more than ${LINE_LIMIT} characters`)
    if (!chunk.includes('\n')) return void this.#text.push(chunk)
    const lines = (this.#text.join('') + chunk).split('\n')
    const rest = lines.pop() ?? ''
    this.#text = rest === '' ? [] : [rest]
    this.#size = rest.length
    for (const line of lines) this.#answer(line)
  }

  #answer(line: string): void {
    let reply: WorkerReply
    try {
      reply = JSON.parse(line) as WorkerReply
      if (typeof reply?.id !== 'number') throw new Error('no id')
    } catch {
      return this.#finish('the worker sent a line that is no reply')
    }
    const pending = this.#pending.get(reply.id)
    if (!pending) return
    this.#pending.delete(reply.id)
    pending.timer.cancel()
    if (reply.ok) pending.resolve(reply.result)
    else pending.reject(new RequestRefused(String(reply.message)))
  }

  #finish(reason: string): void {
    if (this.#over) return
    this.#over = true
    this.#socket.destroy()
    for (const { reject, timer } of this.#pending.values()) {
      timer.cancel()
      reject(new VmsError('VMS_E_REMOTE', `the connection to the worker ended: ${reason}`))
    }
    this.#pending.clear()
    this.#end(reason)
  }
}
