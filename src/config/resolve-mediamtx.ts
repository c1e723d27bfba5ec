import { isIP } from 'node:net'
import { isAbsolute, resolve } from 'node:path'
import { z } from 'zod'
import { DEFAULTS } from './defaults.ts'
import { quote } from './faults.ts'
import { isLoopback, type ListenAddress, parseListenAddress } from './listen-address.ts'
import { parseNetwork } from './network.ts'
import type { CredentialBook } from './resolve-credentials.ts'
import { iceServerSchema, mediamtxSchema } from './schema.ts'
import type { Findings } from './sections.ts'
import type { IceServer, MediaMtxConfig, MediaMtxPorts } from './types.ts'
import type { Path, Plain } from './yaml-source.ts'

const DEFAULT = DEFAULTS.mediamtx
const HERE = ['mediamtx']
/** Of each list; more is a mistake. */
const MOST_ENTRIES = 64
/** Lists are read one by one, so that each fault has its place. */
const sectionSchema = mediamtxSchema.extend({
  webrtc_hosts: z.unknown().optional(),
  ice_servers: z.unknown().optional(),
  networks: z.unknown().optional(),
})

interface MediaMtxContext {
  /** What a relative path of the program counts from. */
  readonly directory: string
  readonly credentials: CredentialBook
  readonly gatewayPort: number
}

/** The section `mediamtx`. */
export function readMediaMtx(
  findings: Findings,
  raw: Plain | undefined,
  { directory, credentials, gatewayPort }: MediaMtxContext,
): MediaMtxConfig {
  const map = findings.map(raw, HERE, 'mediamtx') ?? {}
  const fields = findings.section(sectionSchema, map, HERE, 'mediamtx')
  const { program = 'mediamtx' } = fields
  const config: MediaMtxConfig = {
    run: fields.attach === undefined ? (fields.run ?? 'auto') : 'never',
    program: program.includes('/') && !isAbsolute(program) ? resolve(directory, program) : program,
    api: readAddress(findings, 'api', fields.api ?? DEFAULT.api),
    attach: readAttach(findings, credentials, fields.attach),
    auth: readAddress(findings, 'auth', fields.auth ?? DEFAULT.auth),
    host: fields.host ?? DEFAULT.host,
    ports: {
      rtsp: fields.rtsp ?? DEFAULT.ports.rtsp,
      webrtc: fields.webrtc ?? DEFAULT.ports.webrtc,
      webrtcUdp: fields.webrtc_udp ?? DEFAULT.ports.webrtcUdp,
      hls: fields.hls ?? DEFAULT.ports.hls,
      rtmp: fields.rtmp ?? DEFAULT.ports.rtmp,
    },
    hls: fields.hls_variant ?? 'low-latency',
    webrtcHosts: readHosts(findings, map.webrtc_hosts),
    iceServers: readIceServers(findings, credentials, map.ice_servers),
    networks: readNetworks(findings, map.networks),
  }
  if (fields.attach !== undefined && (fields.run === 'auto' || fields.run === 'always'))
    findings.fault([...HERE, 'run'], `run: ${fields.run} beside attach`, 'take one of the two out')
  if (isIP(config.host) === 0 && config.host !== 'localhost')
    findings.fault([...HERE, 'host'], `host: ${quote(config.host)} is no address`, 'such as 0.0.0.0 or 192.168.1.10')
  if (config.api.port === 0) findings.fault([...HERE, 'api'], 'api wants a port', `write it like ${DEFAULT.api}`)
  if (config.ports.webrtc !== 0 && config.ports.webrtcUdp === 0)
    findings.fault([...HERE, 'webrtc_udp'], 'webrtc needs webrtc_udp', 'or turn both off: webrtc: 0')
  return config.run === 'never' ? config : { ...config, ports: portsApart(findings, config, gatewayPort) }
}

/** host:port on loopback: only this machine asks, and is asked. */
function readAddress(findings: Findings, key: 'api' | 'auth', text: string): ListenAddress {
  const path = [...HERE, key]
  const address = parseListenAddress(text)
  const example = DEFAULT[key]
  if ('problem' in address) {
    findings.fault(path, `${key}: ${quote(text)} ${address.problem}`, `write it like ${example}`)
    return parseListenAddress(example) as ListenAddress
  }
  if (!isLoopback(address.host))
    findings.fault(path, `${key}: ${address.host} is not loopback; others could use it`, `write it like ${example}`)
  return address
}

function readAttach(
  findings: Findings,
  book: CredentialBook,
  raw: { url?: string; credentials?: string | undefined } | undefined,
): MediaMtxConfig['attach'] {
  if (raw?.url === undefined) return undefined
  const path = [...HERE, 'attach', 'url']
  const url = URL.canParse(raw.url) ? new URL(raw.url) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    findings.fault(path, 'url wants an http: or https: URL', `such as http://${DEFAULT.api}`)
  else if (url.username !== '' || url.password !== '')
    findings.fault(path, 'url wants a URL without user and password', 'name them: credentials: NAME')
  else if (url.pathname !== '/' || url.search !== '') findings.fault(path, 'url wants host and port alone')
  const credentials =
    raw.credentials === undefined ? undefined : book.refer(raw.credentials, [...HERE, 'attach', 'credentials'])
  return { url: url?.origin ?? raw.url, credentials }
}

function readHosts(findings: Findings, raw: Plain | undefined): string[] {
  return readList(findings, 'webrtc_hosts', raw, (entry, path) => {
    if (typeof entry === 'string' && (isIP(entry) !== 0 || /^[A-Za-z0-9][A-Za-z0-9.-]{0,253}$/.test(entry)))
      return entry
    findings.fault(path, `${describe(entry)} is neither an address nor a host name`)
    return undefined
  })
}

function readIceServers(findings: Findings, book: CredentialBook, raw: Plain | undefined): IceServer[] {
  return readList(findings, 'ice_servers', raw, (entry, path) => {
    const map = typeof entry === 'string' ? { url: entry } : findings.map(entry, path, 'an ICE server')
    const fields = map && findings.section(iceServerSchema, map, path, 'an ICE server')
    if (fields?.url === undefined) return undefined
    const place = typeof entry === 'string' ? path : [...path, 'url']
    if (!/^(?:stun|turns?):[^\s@/]+$/.test(fields.url)) {
      const example = fields.url.includes('@') ? '{ url: "turn:host:3478", credentials: NAME }' : 'stun:host:3478'
      findings.fault(place, `${quote(fields.url)} is not the URL of an ICE server`, `write it like ${example}`)
      return undefined
    }
    const { credentials } = fields
    if (credentials === undefined && fields.url.startsWith('turn'))
      findings.warn(place, 'a TURN server without credentials', 'most refuse: add credentials: NAME')
    return {
      url: fields.url,
      credentials: credentials === undefined ? undefined : book.refer(credentials, [...path, 'credentials']),
    }
  })
}

function readNetworks(findings: Findings, raw: Plain | undefined): string[] {
  return readList(findings, 'networks', raw, (entry, path) => {
    const network = typeof entry === 'string' ? parseNetwork(entry) : undefined
    if (network === undefined) findings.fault(path, `${describe(entry)} is not a network`, 'such as 10.0.0.0/8')
    return network
  })
}

function readList<T>(
  findings: Findings,
  key: string,
  raw: Plain | undefined,
  read: (entry: Plain, path: Path) => T | undefined,
): T[] {
  const path = [...HERE, key]
  if (raw === undefined || raw === null) return []
  if (!Array.isArray(raw)) findings.fault(path, `${key} wants a list`, `${key}: [ ... ]`)
  else if (raw.length > MOST_ENTRIES)
    findings.fault(path, `${key} has ${raw.length} entries; ${MOST_ENTRIES} are the most`)
  else return raw.map((entry, index) => read(entry, [...path, index])).filter(entry => entry !== undefined)
  return []
}

function describe(entry: Plain): string {
  return typeof entry === 'string' ? quote(entry) : 'this'
}

/** Each TCP port once: two listeners on one would keep the second from starting. A default gives way to what is written. */
function portsApart(findings: Findings, config: MediaMtxConfig, gatewayPort: number): MediaMtxPorts {
  const { ports } = config
  const taken = new Map([[gatewayPort, 'gateway.listen']])
  const free: Record<string, number> = { ...ports }
  const tcp = { rtsp: ports.rtsp, webrtc: ports.webrtc, hls: ports.hls, rtmp: ports.rtmp }
  for (const [key, port] of Object.entries({ api: config.api.port, auth: config.auth.port, ...tcp })) {
    const other = port === 0 ? undefined : taken.get(port)
    taken.set(port, `mediamtx.${key}`)
    if (other === undefined) continue
    const path = [...HERE, key]
    const written = findings.source.has(path)
    if (written || !(key in tcp)) findings.fault(path, `${key} has the port ${port}, as ${other} has`)
    else {
      free[key] = 0
      findings.warn(path, `MediaMTX serves no ${key}: ${other} has its port ${port}`, `mediamtx: { ${key}: PORT }`)
    }
  }
  return free as unknown as MediaMtxPorts
}
