import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Clock } from '../../kernel/clock.ts'
import { systemCode } from '../../kernel/errors.ts'
import { readAtOnce } from './read-at-once.ts'
import type { ReadBatching } from './read-batching.ts'
import { type ReadPacing, RestLength, type Resumable } from './read-pacing.ts'

/** What a connection tells its owner. `closed` comes exactly once, also when the connection never came about. */
export interface ConnectionHandler {
  connected(): void
  /** Bytes are in `buffer[0, length)`, good during the call only. */
  bytes(buffer: Buffer, length: number): void
  /** `reason` is for a person. */
  closed(reason: string): void
  /** Nobody waits for the bytes: the connection may rest between two reads. Asked after each read. */
  patient(): boolean
}

/** What the connections of a worker share. */
export interface SharedReads {
  /** The buffer that all plain connections read into. */
  readonly buffer: Buffer
  readonly batching: ReadBatching
  readonly pacing: ReadPacing
  readonly clock: Clock
}

export interface Endpoint {
  readonly host: string
  readonly port: number
  /** rtsps: TLS from the first byte. */
  readonly tls: boolean
  /** Check the certificate; most cameras sign their own. */
  readonly verifyTls: boolean
}

/** A TCP or TLS connection to a camera. */
export interface Connection {
  write(bytes: string | Uint8Array): void
  /** Ends it in order: what was written is sent first, then the connection is closed, within half a second. */
  end(): void
  /** Ends it at once. */
  destroy(): void
}

/** Bytes that wait for a camera to take them before it counts as dead; requests and receiver reports are tiny. */
const WRITE_LIMIT = 256 * 1024
const END_LIMIT = 500

/**
 * Opens a connection. All plain connections of a worker read into one shared buffer: a read is handed over synchronously
 * and is over when `bytes` returns, so there is no allocation and no garbage per read.
 */
export function openConnection(endpoint: Endpoint, shared: SharedReads, handler: ConnectionHandler): Connection {
  let over = false
  const close = (reason: string) => {
    if (over) return
    over = true
    handler.closed(reason)
  }
  const socket = endpoint.tls ? openTls(endpoint, shared, handler) : openTcp(endpoint, shared, handler, () => !over)
  socket.setNoDelay(true)
  socket.setKeepAlive(true, 30_000)
  socket.on('error', error => close(connectionTrouble(error)))
  socket.on('end', () => close('camera closed the connection'))
  socket.on('close', () => close('connection closed'))
  return {
    write: bytes => {
      if (over || socket.destroyed) return
      socket.write(bytes)
      if (socket.writableLength > WRITE_LIMIT) {
        close('camera does not read what it is sent')
        socket.destroy()
      }
    },
    end: () => {
      over = true
      socket.setTimeout(END_LIMIT, () => socket.destroy())
      socket.end(() => socket.destroy())
    },
    destroy: () => {
      over = true
      socket.destroy()
    },
  }
}

function openTcp(endpoint: Endpoint, shared: SharedReads, handler: ConnectionHandler, open: () => boolean): Socket {
  const { buffer, batching, pacing, clock } = shared
  const rest = new RestLength()
  /** Hands bytes over; false when the connection rests now, to be read when it has rested. */
  const take = (length: number): boolean => {
    batching.note()
    if (!open()) return true
    handler.bytes(buffer, length)
    const steps = rest.after(length, clock.monotonic())
    if (steps === 0 || !open() || !handler.patient()) return true
    pacing.rest(resting, steps)
    return false
  }
  const socket = connectTcp({ host: endpoint.host, port: endpoint.port, onread: { buffer, callback: take } })
  // Read without the event loop, which would be woken for each connection that gets bytes while it rests, and made to watch it
  // anew after each rest: for 1,000 cameras three system calls in place of one, 5,000 times a second.
  const resting: Resumable = {
    get destroyed() {
      return socket.destroyed
    },
    resume: () => {
      let length: number | undefined
      try {
        length = readAtOnce(socket, buffer)
      } catch (error) {
        return void socket.destroy(error as Error)
      }
      // The end of the connection is the event loop's to find, and so is what comes after nothing came.
      if (!length || take(length)) socket.resume()
    },
  }
  socket.on('connect', () => handler.connected())
  return socket
}

function openTls(endpoint: Endpoint, shared: SharedReads, handler: ConnectionHandler): Socket {
  const named = /[a-z]/i.test(endpoint.host) && !endpoint.host.includes(':')
  const socket = connectTls({
    host: endpoint.host,
    port: endpoint.port,
    rejectUnauthorized: endpoint.verifyTls,
    ...(named ? { servername: endpoint.host } : {}),
  })
  socket.on('secureConnect', () => handler.connected())
  socket.on('data', (chunk: Buffer) => {
    shared.batching.note()
    handler.bytes(chunk, chunk.length)
  })
  return socket
}

const TROUBLE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'camera reset the connection',
  EPIPE: 'camera reset the connection',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ETIMEDOUT: 'unreachable (no answer)',
  ENOTFOUND: 'host name not found',
  EAI_AGAIN: 'host name not found (name server does not answer)',
  EMFILE: 'too many open files on this machine',
  ENFILE: 'too many open files on this machine',
}

/** A connection error in words a person understands. */
function connectionTrouble(error: unknown): string {
  const code = systemCode(error) ?? ''
  const known = TROUBLE[code]
  if (known !== undefined) return known
  if (code.includes('CERT') || code.startsWith('ERR_TLS') || code.includes('SELF_SIGNED'))
    return `certificate not trusted (${code})`
  if (code.startsWith('ERR_SSL')) return `TLS failed (${code})`
  return code === '' ? 'connection failed' : `connection failed (${code})`
}
