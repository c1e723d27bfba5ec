import { networkInterfaces } from 'node:os'
import { expect, it } from 'vitest'
import { isThisMachine } from '../../../src/media/gateway/own-address.ts'

it('this machine is loopback and its own addresses, written as sockets write them, and nobody else', () => {
  const own = Object.values(networkInterfaces()).flatMap(all => all?.map(({ address }) => address) ?? [])
  for (const address of ['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1', ...own])
    expect(isThisMachine(address)).toBe(true)
  for (const address of ['203.0.113.7', '::ffff:203.0.113.7', '2001:db8::7', '', 'x'])
    expect(isThisMachine(address)).toBe(false)
})
