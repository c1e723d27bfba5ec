import { VmsError } from '../../kernel/errors.ts'
import { redactUrl } from '../../kernel/redact.ts'

/** Default ports: RTSP 554 (RFC 2326 section 1.4), RTSP over TLS 322 (RFC 7826 section 19.2). */
const PORTS = { rtsp: 554, rtsps: 322 } as const

/** Where an rtsp: or rtsps: URL points. Throws VMS_E_USAGE for any other. */
export function endpointOf(url: string): { host: string; port: number; tls: boolean } {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  const tls = parsed?.protocol === 'rtsps:'
  if (!parsed || (!tls && parsed.protocol !== 'rtsp:') || parsed.hostname === '')
    throw new VmsError('VMS_E_USAGE', `not an rtsp: or rtsps: URL: ${redactUrl(url)}`)
  const host = parsed.hostname.replace(/^\[(.*)\]$/, '$1')
  const port = parsed.port === '' ? (tls ? PORTS.rtsps : PORTS.rtsp) : Number(parsed.port)
  return { host, port, tls }
}
