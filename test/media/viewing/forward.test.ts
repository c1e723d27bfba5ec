import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sleep, systemClock } from '../../../src/kernel/clock.ts'
import { silentLogger } from '../../../src/kernel/log.ts'
import { CLIENT_ADDRESS, Forwarder } from '../../../src/media/viewing/forward.ts'
import { HttpListener } from '../../../src/media/viewing/http-listener.ts'

const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

describe('a request that is passed on to another process', () => {
  let dir: string
  let forwarder: Forwarder
  let listener: HttpListener
  let port: number
  /** All that came at the other process, byte for byte. */
  let received: string
  let other: ReturnType<typeof createServer>
  const open = new Set<Socket>()

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'forward-'))
    received = ''
    const path = join(dir, 'other.sock')
    other = createServer(socket => {
      open.add(socket)
      socket.on('error', () => {})
      socket.on('data', chunk => {
        received += chunk.toString('latin1')
        socket.write(ANSWER)
      })
    }).listen(path)
    forwarder = new Forwarder(systemClock)
    listener = new HttpListener(
      (request, response) => forwarder.pass(request, response, path, '192.0.2.7', 'nobody there'),
      silentLogger,
    )
    port = await listener.listen({ host: '127.0.0.1', port: 0 })
  })
  afterEach(async () => {
    forwarder.close()
    await listener.close()
    for (const socket of open) socket.destroy()
    await new Promise(resolve => other.close(resolve))
    rmSync(dir, { recursive: true, force: true })
  })

  /** What comes back for bytes as they are. */
  async function raw(bytes: string): Promise<string> {
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    socket.on('data', chunk => {
      answer += chunk.toString('latin1')
    })
    socket.on('error', () => {})
    socket.write(bytes)
    await sleep(systemClock, 300)
    socket.destroy()
    return answer
  }

  it.each(['GET', 'HEAD', 'DELETE', 'OPTIONS'])('of %s takes no second request along in its body', async method => {
    const hidden = `GET /hidden HTTP/1.1\r\nHost: x\r\n${CLIENT_ADDRESS}: 127.0.0.1\r\n\r\n`
    const chunked = `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`
    const length = `Content-Length: ${hidden.length}\r\n`
    for (const [headers, body] of [
      ['Transfer-Encoding: chunked\r\n', chunked],
      [`${length}Connection: content-length\r\n`, hidden],
      [length, hidden],
    ]) {
      const answer = await raw(`${method} / HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n${body}`)
      expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    }
    expect(received).toBe('')
  })

  it('of POST has its body framed', async () => {
    const hidden = 'GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n'
    await raw(
      `POST / HTTP/1.1\r\nHost: localhost\r\nConnection: content-length\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`,
    )
    expect(received.toLowerCase()).toContain(`content-length: ${hidden.length}\r\n`)
    expect(received.endsWith(`\r\n\r\n${hidden}`)).toBe(true)
  })

  it('keeps every header that says where it comes from, whatever its Connection names', async () => {
    await raw(
      `GET / HTTP/1.1\r\nHost: cameras.example\r\nX-Forwarded-For: 192.0.2.1\r\n${CLIENT_ADDRESS}: 10.0.0.1\r\nConnection: close, host, x-forwarded-for\r\n\r\n`,
    )
    expect(received).toContain('cameras.example')
    expect(received).not.toContain('localhost')
    expect(received.toLowerCase()).toContain('x-forwarded-for: 192.0.2.1')
    expect(received).toContain(`${CLIENT_ADDRESS}: 192.0.2.7`)
    expect(received).not.toContain('10.0.0.1')
  })

  it('gets no Host that it did not have', async () => {
    await raw('GET / HTTP/1.0\r\n\r\n')
    expect(received).toMatch(/^GET \/ HTTP\/1\.1\r\n/)
    expect(received.toLowerCase()).not.toContain('host:')
  })
})
