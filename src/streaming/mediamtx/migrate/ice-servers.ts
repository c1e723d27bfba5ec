import { isScalar, isSeq, type Node } from 'yaml'
import { nodeOf } from './relay-document.ts'

/** webrtcICEServers (`stun:host:port`, `turn:user:password:host:port`) as the mappings of webrtcICEServers2; undefined for anything else. */
export function iceServersOf(node: Node | null): Node | undefined {
  if (!isSeq(node)) return undefined
  const servers = node.items.map(item => (isScalar(item) && typeof item.value === 'string' ? item.value : undefined))
  if (servers.some(server => server === undefined)) return undefined
  return nodeOf(
    servers.map(server => {
      const parts = server!.split(':')
      if (parts.length !== 5) return { url: server! }
      const [scheme, username, password, host, port] = parts
      return { url: `${scheme}:${host}:${port}`, username: username!, password: password! }
    }),
  )
}
