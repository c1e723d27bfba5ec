/** Longest PROXY protocol v1 line, with its CR LF (the protocol's own bound). */
export const MAX_PROXY_LINE = 107

/** The two ends of the client's connection, as the worker saw them that took it. */
export interface ProxiedConnection {
  readonly sourceAddress: string
  readonly sourcePort: number
  readonly destinationAddress: string
  readonly destinationPort: number
}

/** The PROXY protocol v1 line for a connection, CR LF included. */
export function proxyLine(connection: ProxiedConnection): string {
  const { sourceAddress, sourcePort, destinationAddress, destinationPort } = connection
  const family = sourceAddress.includes(':') ? 'TCP6' : 'TCP4'
  return `PROXY ${family} ${sourceAddress} ${destinationAddress} ${sourcePort} ${destinationPort}\r\n`
}

const LINE = /^PROXY TCP[46] ([0-9a-fA-F:.]{2,45}) ([0-9a-fA-F:.]{2,45}) (\d{1,5}) (\d{1,5})\r\n/

/**
 * Reads the line at the start of `bytes`: the connection and the length of the line; undefined while it is incomplete;
 * `invalid` when no such line can come any more.
 */
export function parseProxyLine(
  bytes: Buffer,
): { connection: ProxiedConnection; length: number } | undefined | 'invalid' {
  const head = bytes.toString('latin1', 0, MAX_PROXY_LINE)
  const end = head.indexOf('\r\n')
  if (end < 0) return bytes.length >= MAX_PROXY_LINE ? 'invalid' : undefined
  const match = LINE.exec(head)
  if (!match) return 'invalid'
  const [line, sourceAddress = '', destinationAddress = '', sourcePort, destinationPort] = match
  return {
    connection: {
      sourceAddress,
      sourcePort: Number(sourcePort),
      destinationAddress,
      destinationPort: Number(destinationPort),
    },
    length: line.length,
  }
}
