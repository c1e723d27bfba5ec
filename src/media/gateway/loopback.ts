import { isIP } from 'node:net'

/** Whether only this machine can connect to `host`. A name other than localhost counts as reachable from elsewhere. */
export function isLoopback(host: string): boolean {
  if (host.toLowerCase() === 'localhost' || host === '::1') return true
  return isIP(host) === 4 && host.startsWith('127.')
}
