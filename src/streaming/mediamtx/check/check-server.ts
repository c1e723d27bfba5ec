import type { Findings } from '../../../config/yaml.ts'
import type { RelayValue } from '../scalar.ts'

type Mapping = { readonly [key: string]: RelayValue }

/** What MediaMTX refuses of the whole server besides unknown keys (internal/conf/conf.go, Validate). */
export function checkServer(findings: Findings, root: Mapping): void {
  const fault = (key: string, message: string, hint?: string) => findings.fault([key], `${key}: ${message}`, hint)
  for (const key of ['readTimeout', 'writeTimeout'])
    if (typeof root[key] === 'string' && /^-|^(?:[0.]+[a-zµμ]*)*$/.test(root[key])) fault(key, 'must be more than 0')
  const queue = root.writeQueueSize
  if (typeof queue === 'number' && (queue <= 0 || (queue & (queue - 1)) !== 0))
    fault('writeQueueSize', `${queue} is not a power of two`, 'such as 512 or 1024')
  if (typeof root.udpMaxPayloadSize === 'number' && root.udpMaxPayloadSize > 1_472)
    fault('udpMaxPayloadSize', `${root.udpMaxPayloadSize} is more than 1472`)
  checkAuthentication(root, fault)
  checkWebRtc(root, fault)
}

type Fault = (key: string, message: string, hint?: string) => void

function checkAuthentication(root: Mapping, fault: Fault): void {
  if (root.authMethod === 'http' && !isHttp(root.authHTTPAddress))
    fault(
      root.authHTTPAddress === undefined ? 'authMethod' : 'authHTTPAddress',
      'http asks an http: or https: URL',
      'authHTTPAddress: URL',
    )
  if (root.authMethod === 'jwt' && !isHttp(root.authJWTJWKS))
    fault(
      root.authJWTJWKS === undefined ? 'authMethod' : 'authJWTJWKS',
      'jwt asks an http: or https: URL',
      'authJWTJWKS: URL',
    )
  const methods = Array.isArray(root.rtspAuthMethods) ? root.rtspAuthMethods : undefined
  if (methods?.length === 0) fault('rtspAuthMethods', 'at least one is needed', 'rtspAuthMethods: [basic]')
  const method = root.authMethod
  if (methods?.includes('digest') && typeof method === 'string' && method !== 'internal')
    fault('rtspAuthMethods', `digest goes with authMethod: internal alone, not with ${method}`)
}

function isHttp(value: RelayValue | undefined): boolean {
  return typeof value === 'string' && /^https?:\/\//.test(value)
}

function checkWebRtc(root: Mapping, fault: Fault): void {
  if (root.webrtc === false || !Array.isArray(root.webrtcICEServers2)) return
  for (const server of root.webrtcICEServers2) {
    const url = typeof server === 'object' && server !== null && !Array.isArray(server) ? server.url : undefined
    if (typeof url === 'string' && !/^(?:stun|turns?):/.test(url))
      fault('webrtcICEServers2', 'a url begins with stun:, turn: or turns:')
  }
}
