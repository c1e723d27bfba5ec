import { X509Certificate } from 'node:crypto'
import { connect, createServer } from 'node:tls'
import { expect, it } from 'vitest'
import { selfSignedCertificate } from '../../../src/media/virtual/self-signed.ts'

it('makes a certificate that TLS takes for localhost, and no other host', async () => {
  const { cert, key } = selfSignedCertificate('virtual camera', Date.now())
  const read = new X509Certificate(cert)
  expect(read.subject).toBe('CN=virtual camera')
  expect(read.verify(read.publicKey)).toBe(true)
  expect(read.checkIP('127.0.0.1')).toBe('127.0.0.1')
  expect(read.checkHost('localhost')).toBe('localhost')
  expect(read.checkHost('example.com')).toBeUndefined()
  const server = createServer({ cert, key }, socket => socket.end('hello'))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const text = await new Promise<string>((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', ca: cert, servername: 'localhost' })
    socket.on('data', chunk => resolve(chunk.toString()))
    socket.on('error', reject)
  })
  expect(text).toBe('hello')
  server.close()
})
