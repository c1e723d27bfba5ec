import { connect } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import { messageOf, VmsError } from '../../kernel/errors.ts'
import {
  CONTROL_LINE_LIMIT,
  type ControlReply,
  type ControlResults,
  type VirtualCamerasInfo,
} from './control-protocol.ts'
import { eachLine } from './json-lines.ts'
import type { VirtualCamerasStatistics } from './virtual-cameras.ts'

interface Waiting {
  readonly resolve: (value: never) => void
  readonly reject: (error: Error) => void
}

/** The other end of the control lines: virtual cameras in another process. */
export class VirtualCamerasClient {
  readonly #output: Writable
  readonly #waiting = new Map<number, Waiting>()
  #last = 0
  #ended = false

  constructor(input: Readable, output: Writable) {
    this.#output = output
    eachLine(input, CONTROL_LINE_LIMIT, line => this.#reply(line))
    const end = () => this.#end()
    input.on('end', end).on('close', end).on('error', end)
    output.on('error', end)
  }

  info(): Promise<VirtualCamerasInfo> {
    return this.#ask('info', {})
  }

  /** Begins or plans a fault, written as for `--fault`. Gives the streams that it means. */
  fault(fault: string): Promise<readonly string[]> {
    return this.#ask('fault', { fault })
  }

  /** Ends the faults that name a camera like `cameras`; `*` for all. */
  async clear(cameras: string): Promise<void> {
    await this.#ask('clear', { cameras })
  }

  statistics(): Promise<VirtualCamerasStatistics> {
    return this.#ask('statistics', {})
  }

  /** Asks the simulator to end; it answers first. */
  async stop(): Promise<void> {
    await this.#ask('stop', {})
  }

  /** Leaves it running. */
  close(): void {
    this.#output.end()
  }

  #ask<K extends keyof ControlResults>(what: K, fields: object): Promise<ControlResults[K]> {
    if (this.#ended) return Promise.reject(gone())
    const id = ++this.#last
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#output.write(`${JSON.stringify({ id, do: what, ...fields })}\n`)
    })
  }

  #reply(line: string): void {
    let reply: ControlReply
    try {
      reply = JSON.parse(line) as ControlReply
    } catch {
      return
    }
    const waiting = this.#waiting.get(reply.id)
    this.#waiting.delete(reply.id)
    if (reply.ok) waiting?.resolve(reply.result as never)
    else waiting?.reject(new VmsError('VMS_E_REMOTE', `virtual cameras: ${reply.error.message}`))
  }

  #end(): void {
    this.#ended = true
    for (const { reject } of this.#waiting.values()) reject(gone())
    this.#waiting.clear()
  }
}

/** Connects to the socket of `vmsctl camera simulate --control PATH`. Rejects with VMS_E_REMOTE. */
export function connectVirtualCameras(path: string): Promise<VirtualCamerasClient> {
  return new Promise((resolve, reject) => {
    const socket = connect(path)
    socket.once('error', error =>
      reject(
        new VmsError('VMS_E_REMOTE', `no virtual cameras answer at ${path}: ${messageOf(error)}`, { cause: error }),
      ),
    )
    socket.once('connect', () => {
      socket.removeAllListeners('error')
      resolve(new VirtualCamerasClient(socket, socket))
    })
  })
}

function gone(): VmsError {
  return new VmsError('VMS_E_REMOTE', 'the virtual cameras are gone')
}
