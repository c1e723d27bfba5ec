import { DEFAULTS } from './defaults.ts'
import { quote } from './faults.ts'
import { isLoopback, type ListenAddress, parseListenAddress } from './listen-address.ts'
import type { CredentialBook } from './resolve-credentials.ts'
import { registrySchema, viewingSchema } from './schema.ts'
import type { Findings } from './sections.ts'
import type { RegistryConfig, ViewingConfig } from './types.ts'
import type { Path, Plain } from './yaml-source.ts'

const FORM = 'write it like redis://127.0.0.1:6379/0'

/** The section `viewing`. */
export function readViewing(findings: Findings, raw: Plain | undefined): ViewingConfig {
  const map = findings.map(raw, ['viewing'], 'viewing')
  const fields = map && findings.section(viewingSchema, map, ['viewing'], 'viewing')
  const limits = fields?.limits
  return {
    listen: readListen(findings, fields?.listen ?? DEFAULTS.viewingListen),
    lease: fields?.lease ?? DEFAULTS.lease,
    history: fields?.history ?? DEFAULTS.viewingHistory,
    limits: {
      viewersPerStream: limits?.viewers_per_stream ?? DEFAULTS.viewersPerStream,
      viewersPerUser: limits?.viewers_per_user ?? DEFAULTS.viewersPerUser,
      bandwidth: limits?.bandwidth ?? DEFAULTS.viewingBandwidth,
    },
  }
}

/** `never` is nowhere. */
function readListen(findings: Findings, text: string): ListenAddress | undefined {
  if (text === 'never') return undefined
  const path = ['viewing', 'listen']
  const address = parseListenAddress(text)
  if ('problem' in address) {
    const { problem } = address
    findings.fault(path, `listen: ${quote(text)} ${problem}`, `write it like ${DEFAULTS.viewingListen}, or never`)
    return undefined
  }
  if (!isLoopback(address.host))
    findings.warn(
      path,
      `pictures and tokens cross the network in the clear from ${text}`,
      'put a proxy with TLS in front of it, and let this listen on 127.0.0.1',
    )
  return address
}

/** `registry`: a URL, or a mapping with the login that the URL must not hold. */
export function readRegistry(
  findings: Findings,
  raw: Plain | undefined,
  book: CredentialBook,
): RegistryConfig | undefined {
  const path = ['registry']
  if (typeof raw === 'string') return withUrl(findings, raw, path, undefined)
  if (Array.isArray(raw)) findings.fault(path, 'registry wants a URL or "key: value" entries, not a list', FORM)
  if (raw === undefined || raw === null || Array.isArray(raw)) return undefined
  const { url, credentials } = findings.section(registrySchema, raw, path, 'registry')
  const login = credentials === undefined ? undefined : book.refer(credentials, [...path, 'credentials'])
  return url === undefined ? undefined : withUrl(findings, url, [...path, 'url'], login)
}

/** The URL is not repeated in messages: it may hold a password. */
function withUrl(
  findings: Findings,
  text: string,
  path: Path,
  credentials: RegistryConfig['credentials'],
): RegistryConfig | undefined {
  const url = URL.parse(text)
  const problem = problemOf(url)
  if (problem !== undefined) findings.fault(path, `the URL of the registry ${problem[0]}`, problem[1])
  return url === null || problem !== undefined ? undefined : { url: url.href, credentials }
}

function problemOf(url: URL | null): readonly [message: string, hint: string] | undefined {
  if (url === null || !/^rediss?:$/.test(url.protocol) || url.hostname === '') return ['is not one of Redis', FORM]
  if (url.username !== '' || url.password !== '')
    return ['holds a login', 'write registry: { url: ..., credentials: NAME }, and the login under credentials']
  if (!/^(\/\d{0,4})?$/.test(url.pathname) || url.search !== '' || url.hash !== '')
    return ['has more behind its host than the number of a database', FORM]
  return undefined
}
