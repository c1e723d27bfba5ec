import { networkInterfaces } from 'node:os'
import { isLoopback } from '../../config/listen-address.ts'

/** Whether a peer is this machine itself: on loopback, or from an address of its own, as where the gateway listens on one of those. */
export function isThisMachine(address: string): boolean {
  const plain = address.replace(/^::ffff:/i, '').replace(/%.*$/, '')
  if (isLoopback(plain)) return true
  return Object.values(networkInterfaces()).some(all => all?.some(own => own.address === plain))
}
