import { chmodSync } from 'node:fs'
import type { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import type { Clock } from '../../kernel/clock.ts'

interface Answering {
  fetch(request: Request): Response | Promise<Response>
}

/** Serves the API on a Unix socket that only its owner and group may use (0660): the file's mode is the authorisation. */
export async function serveApi(api: Answering, socketPath: string): Promise<Server> {
  const server = createAdaptorServer({ fetch: request => api.fetch(request) }) as Server
  server.requestTimeout = 30_000
  server.headersTimeout = 10_000
  server.maxConnections = 200
  // The socket must not be open to all for even a moment.
  const before = process.umask(0o117)
  const listening = new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(socketPath, resolve)
  })
  process.umask(before)
  await listening
  chmodSync(socketPath, 0o660)
  return server
}

/** Stops accepting and waits for answers under way, at most a second. */
export async function closeServer(server: Server, clock: Clock): Promise<void> {
  await new Promise<void>(resolve => {
    server.close(() => resolve())
    server.closeIdleConnections()
    clock.after(1_000, () => server.closeAllConnections()).unref()
  })
}
