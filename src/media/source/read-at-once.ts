import { readSync } from 'node:fs'
import type { Socket } from 'node:net'
import { systemCode } from '../../kernel/errors.ts'

/**
 * Reads what has come on a connection that the event loop does not watch: at once, with one system call. Gives the bytes; 0 at
 * the connection's end, and undefined where nothing has come. Throws the error of a connection that failed, of which nobody
 * else will hear. Node does not document the descriptor of a socket; one that has none any more is left to the event loop.
 */
export function readAtOnce(socket: Socket, into: Buffer): number | undefined {
  const fd = (socket as unknown as { readonly _handle?: { readonly fd?: number } | null })._handle?.fd
  if (fd === undefined || fd < 0) return undefined
  try {
    return readSync(fd, into, 0, into.length, null)
  } catch (error) {
    if (systemCode(error) === 'EAGAIN') return undefined
    throw error
  }
}
