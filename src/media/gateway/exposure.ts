import { isIP } from 'node:net'
import type { GatewaySettings } from '../worker/protocol.ts'

/** Whether only this machine can connect to `host`. A name other than localhost counts as reachable from elsewhere. */
export function isLoopback(host: string): boolean {
  if (host.toLowerCase() === 'localhost' || host === '::1') return true
  return isIP(host) === 4 && host.startsWith('127.')
}

/** The login that readers need; undefined when there is none. */
export function credentialsOf(settings: GatewaySettings): { username: string; password: string } | undefined {
  const { username, password } = settings
  return username === undefined || password === undefined ? undefined : { username, password }
}

/** What is wrong with listening there, for a person: the network without a login. Undefined when nothing is. */
export function exposureOf(settings: GatewaySettings): string | undefined {
  if (isLoopback(settings.host) || credentialsOf(settings)) return undefined
  return `the gateway may listen on ${settings.host} only with a user name and password`
}
