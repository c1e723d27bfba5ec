import { connect } from 'node:net'
import { VmsError } from '../kernel/errors.ts'

export interface SocketAnswer {
  readonly status: number
  readonly body: string
}

const ANSWER_LIMIT = 256 * 1024 * 1024

/**
 * One HTTP request over a Unix socket. In HTTP/1.0 form (RFC 1945), where an answer has no chunks and ends with the
 * connection: that is little enough to do without node:http, whose loading alone would double the time of `vmsctl status`.
 * Rejects with the system's error, VMS_E_TIMEOUT, or VMS_E_REMOTE for an answer that is cut off or no HTTP.
 */
export function requestOverSocket(
  socketPath: string,
  method: string,
  path: string,
  body: string,
  timeout: number,
): Promise<SocketAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath)
    const chunks: Buffer[] = []
    let size = 0
    socket.setTimeout(timeout, () => {
      socket.destroy(
        new VmsError('VMS_E_TIMEOUT', `the daemon did not answer within ${timeout / 1000} s`, {
          hint: 'See `vmsctl logs`. One that hangs may be killed: the recorders go on, and `vmsctl daemon start` takes them over.',
        }),
      )
    })
    socket.on('error', reject)
    socket.on('data', chunk => {
      chunks.push(chunk)
      size += chunk.length
      if (size > ANSWER_LIMIT) socket.destroy(new VmsError('VMS_E_REMOTE', 'the daemon sent an endless answer'))
    })
    socket.on('end', () => {
      const answer = parseAnswer(Buffer.concat(chunks))
      if (answer) resolve(answer)
      else reject(new VmsError('VMS_E_REMOTE', 'the daemon ended the connection before its answer was complete'))
    })
    const content =
      body === '' ? '' : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`
    socket.write(`${method} ${path} HTTP/1.0\r\nhost: vmsctl\r\n${content}\r\n${body}`)
  })
}

/** A whole answer of HTTP/1.x without transfer coding; undefined when it is cut off or something else. */
export function parseAnswer(bytes: Buffer): SocketAnswer | undefined {
  const head = bytes.indexOf('\r\n\r\n')
  if (head < 0) return undefined
  const lines = bytes.toString('latin1', 0, head).split('\r\n')
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(lines[0] ?? '')?.[1]
  if (status === undefined) return undefined
  const length = lines.map(line => /^content-length:\s*(\d+)\s*$/i.exec(line)?.[1]).find(text => text !== undefined)
  const body = bytes.subarray(head + 4)
  if (length !== undefined && body.length !== Number(length)) return undefined
  return { status: Number(status), body: body.toString('utf8') }
}
