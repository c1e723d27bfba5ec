import type { Socket, SocketOptions } from 'node:dgram'
import { afterAll, expect, it, vi } from 'vitest'
import { UdpPair } from '../../../src/media/rtsp-server/udp-pair.ts'

const sockets = vi.hoisted((): Socket[] => [])

/** The second socket cannot be bound: the process has no file descriptor left. */
vi.mock(import('node:dgram'), async original => {
  const dgram = await original()
  const createSocket = (options: SocketOptions) => {
    const socket = dgram.createSocket(options)
    if (sockets.push(socket) === 2) {
      const full = Object.assign(new Error('bind EMFILE'), { code: 'EMFILE' })
      vi.spyOn(socket, 'bind').mockImplementation(() => {
        setImmediate(() => socket.emit('error', full))
        return socket
      })
    }
    return socket
  }
  return { ...dgram, createSocket: createSocket as typeof dgram.createSocket }
})

afterAll(() => vi.restoreAllMocks())

it('closes its first socket when the second cannot be had', async () => {
  const opening = UdpPair.open({
    local: '127.0.0.1',
    client: { address: '127.0.0.1', port: 9 },
    rtcpPort: 9,
    ports: { first: 20_000, last: 32_767 },
    random: Math.random,
    onRtcp: () => {},
  })
  await expect(opening).rejects.toMatchObject({ code: 'VMS_E_REMOTE' })
  expect(sockets).toHaveLength(2)
  for (const socket of sockets) expect(() => socket.address()).toThrow(/not running/i)
})
