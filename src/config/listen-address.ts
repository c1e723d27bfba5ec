import { BlockList, isIP } from 'node:net'

export interface ListenAddress {
  readonly host: string
  readonly port: number
}

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

/** `127.0.0.1:8654`, `[::1]:8654`, `localhost:8654`, or what is wrong with it as a sentence's end. Port 0 is any free one. */
export function parseListenAddress(text: string): ListenAddress | { problem: string } {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})$/.exec(text)
  if (!match) {
    if (/^\d{1,5}$/.test(text)) return { problem: 'has no host' }
    return { problem: isIP(text) === 0 && !/^[A-Za-z0-9.-]+$/.test(text) ? 'is not host:port' : 'has no port' }
  }
  const [, ipv6, name, digits] = match
  const host = ipv6 ?? name ?? ''
  const port = Number(digits)
  if (port > 65_535) return { problem: `has the port ${port}; 65535 is the highest` }
  if (ipv6 !== undefined && isIP(ipv6) !== 6) return { problem: 'has an address in brackets that is not IPv6' }
  if (/^[\d.]+$/.test(host) && isIP(host) !== 4) return { problem: `has the address ${host}, which cannot be` }
  return { host, port }
}

/** `host:port`, with IPv6 in brackets. */
export function formatAddress({ host, port }: ListenAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** An address that leads from this machine to who listens on `address`, `host:port` both. */
export function reachableHere(address: string): string {
  return address.replace(/^0\.0\.0\.0(?=:\d+$)/, '127.0.0.1').replace(/^\[::\](?=:\d+$)/, '[::1]')
}

export function isLoopback(host: string): boolean {
  const family = isIP(host)
  if (family === 0) return host.toLowerCase() === 'localhost'
  return LOOPBACK.check(host, family === 6 ? 'ipv6' : 'ipv4')
}
