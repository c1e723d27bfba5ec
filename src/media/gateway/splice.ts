import type { Duplex } from 'node:stream'
import type { Clock } from '../../kernel/clock.ts'

/** Milliseconds that one side has, after the other is gone, to take what is still on its way. */
const FLUSH_TIME = 2_000

/**
 * Joins two connections: bytes go both ways with backpressure, the end or loss of one ends the other.
 * `received` was read from `client` before and goes first. `done` is called once, when both are gone.
 */
export function splice(client: Duplex, server: Duplex, received: Buffer, clock: Clock, done: () => void): void {
  let open = 2
  const onClose = (other: Duplex) => () => {
    if (--open === 0) return done()
    other.end()
    const timer = clock.after(FLUSH_TIME, () => other.destroy()).unref()
    other.once('finish', () => other.destroy()).once('close', () => timer.cancel())
  }
  // A listener must stand on each side, or a connection reset would end the process.
  client.on('error', () => {})
  server.on('error', () => {})
  client.once('close', onClose(server))
  server.once('close', onClose(client))
  server.write(received)
  client.pipe(server)
  server.pipe(client)
}
