import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Clock } from '../../kernel/clock.ts'
import type { ConnectionAddress } from '../rtsp-server/index.ts'
import { proxyLine } from './proxy-line.ts'
import { splice } from './splice.ts'

/**
 * Passes a client's connection on to the worker at the Unix socket `path`, with `received` first. A worker that is not
 * there is answered for with 503. `done` is called once, when the connection is over.
 */
export function passOn(
  client: Duplex,
  { remote, local }: ConnectionAddress,
  received: Buffer,
  path: string,
  clock: Clock,
  done: () => void,
): void {
  const owner = connect(path)
  owner.once('error', () => {
    if (owner.bytesRead === 0) client.end(unavailable(received))
  })
  const line = proxyLine({
    sourceAddress: remote.address,
    sourcePort: remote.port,
    destinationAddress: local.address,
    destinationPort: local.port,
  })
  splice(client, owner, Buffer.concat([Buffer.from(line), received]), clock, done)
}

/** The answer to the request with which `received` begins. */
function unavailable(received: Buffer): string {
  const cseq = /\r?\ncseq:[ \t]*(\d{1,10})/i.exec(received.toString('latin1', 0, 16_384))?.[1] ?? '0'
  return `RTSP/1.0 503 The worker of this camera is restarting\r\nCSeq: ${cseq}\r\n\r\n`
}
