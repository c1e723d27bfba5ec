import { BlockList, isIP } from 'node:net'

/** A network or an address as CIDR, `10.1.2.3` as `10.1.2.3/32`; undefined for anything else. */
export function parseNetwork(text: string): string | undefined {
  const [address = '', digits, rest] = text.split('/')
  const family = isIP(address)
  if (family === 0 || address.includes('%') || rest !== undefined) return undefined
  const most = family === 4 ? 32 : 128
  if (digits === undefined) return `${address}/${most}`
  return /^\d{1,3}$/.test(digits) && Number(digits) <= most ? `${address}/${Number(digits)}` : undefined
}

/** Tells whether an address is in one of the networks (CIDR, as parseNetwork gives them); in any, where there are none. */
export function networkMatcher(networks: readonly string[]): (address: string) => boolean {
  if (networks.length === 0) return () => true
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', digits] = network.split('/')
    list.addSubnet(address, Number(digits), isIP(address) === 6 ? 'ipv6' : 'ipv4')
  }
  return address => {
    // An IPv4 client of a socket that takes both is written ::ffff:10.0.0.1.
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
    const family = isIP(plain)
    return family !== 0 && list.check(plain, family === 6 ? 'ipv6' : 'ipv4')
  }
}
