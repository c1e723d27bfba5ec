import { createServer, type Server, type Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import { messageOf, VmsError } from '../../kernel/errors.ts'
import { answerControl, CONTROL_LINE_LIMIT } from './control-protocol.ts'
import { eachLine } from './json-lines.ts'
import type { VirtualCameras } from './virtual-cameras.ts'

/** Answers control lines of `input` on `output`. */
function serveControl(cameras: VirtualCameras, input: Readable, output: Writable, stop: () => void): void {
  eachLine(input, CONTROL_LINE_LIMIT, line => {
    output.write(`${JSON.stringify(answerControl(cameras, line, stop))}\n`)
  })
}

/** Listens for control connections on a Unix socket, which only its owner may open. Gives the way to end it. Throws VMS_E_USAGE. */
export async function listenForControl(cameras: VirtualCameras, path: string, stop: () => void): Promise<() => void> {
  const connections = new Set<Socket>()
  const server: Server = createServer(socket => {
    connections.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => connections.delete(socket))
    serveControl(cameras, socket, socket, stop)
  })
  const before = process.umask(0o177)
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', error =>
        reject(new VmsError('VMS_E_USAGE', `cannot listen on ${path}: ${messageOf(error)}`, { cause: error })),
      )
      server.listen(path, resolve)
    })
  } finally {
    process.umask(before)
  }
  return () => {
    server.close()
    for (const connection of connections) connection.end()
  }
}
