import { resolve } from 'node:path'
import { DEFAULTS } from './defaults.ts'
import { quote } from './faults.ts'
import { parseListenAddress } from './listen-address.ts'
import { readAlarms } from './resolve-alarms.ts'
import { CameraReader } from './resolve-cameras.ts'
import { CredentialBook } from './resolve-credentials.ts'
import { readHeadroom } from './resolve-retention.ts'
import { readRegistry, readViewing } from './resolve-viewing.ts'
import { fileSchema, gatewaySchema, limitsSchema, siteSchema, storageSchema } from './schema.ts'
import { Findings } from './sections.ts'
import type { GatewayConfig, LimitsConfig, SiteConfig, StorageConfig } from './types.ts'
import type { PlainMap, YamlSource } from './yaml-source.ts'

export interface ResolveContext {
  /** Absolute path of the file. */
  readonly file: string
  /** What relative paths count from. */
  readonly directory: string
  /** Used where the file names no site. */
  readonly hostname: string
  readonly timezone: string
}

/** The site that a parsed file describes, with all that is wrong or unwise in it. The site counts only without faults. */
export function resolveSite(source: YamlSource, context: ResolveContext): { config: SiteConfig; findings: Findings } {
  const findings = new Findings(source)
  const root = rootOf(findings)
  const credentials = new CredentialBook(findings, context.directory)
  credentials.read(root.credentials)
  const cameras = new CameraReader(findings, credentials)
  const storage = readStorage(findings, root, context)
  const { directory } = context
  const site = readSite(findings, root, context)
  const gateway = readGateway(findings, root, credentials)
  const config = {
    file: context.file,
    site,
    storage,
    gateway,
    limits: readLimits(findings, root),
    cameras: cameras.read(root, gateway.linger),
    retention: cameras.retention,
    alarms: readAlarms(findings, root.alarms, { directory, headroom: storage.headroom.warn }),
    viewing: readViewing(findings, root.viewing),
    registry: readRegistry(findings, root.registry, credentials),
  }
  if (config.cameras.length === 0 && findings.faults.length === 0)
    findings.warn(['cameras'], 'no cameras yet', 'vmsctl camera add')
  return { config, findings }
}

function rootOf(findings: Findings): PlainMap {
  const { root } = findings.source
  if (root === null) {
    if (findings.source.faults.length === 0) findings.fault([], 'nothing in the file', 'vmsctl init writes a first one')
    return {}
  }
  const map = findings.map(root, [], 'a configuration')
  if (map === undefined) return {}
  const own = Object.keys(map).filter(key => key.startsWith('x-'))
  findings.unknownKeys(map, [...Object.keys(fileSchema.shape), ...own], [], 'a configuration')
  if (!findings.source.has(['storage']))
    findings.fault([], 'storage is missing', 'say where recordings go: storage: { path: ./archive }', {
      needsWholeFile: true,
    })
  return map
}

function readSite(findings: Findings, root: PlainMap, context: ResolveContext): SiteConfig['site'] {
  const map = findings.map(root.site, ['site'], 'site')
  const fields = map && findings.section(siteSchema, map, ['site'], 'site')
  return { name: fields?.name ?? context.hostname, timezone: fields?.timezone ?? context.timezone }
}

function readStorage(findings: Findings, root: PlainMap, context: ResolveContext): StorageConfig {
  // Nothing after `storage:` is a missing path.
  const raw = root.storage ?? (findings.source.has(['storage']) ? {} : undefined)
  const map = findings.map(raw, ['storage'], 'storage')
  const fields = map && findings.section(storageSchema, map, ['storage'], 'storage')
  return {
    path: resolve(context.directory, fields?.path ?? '.'),
    segment: fields?.segment ?? DEFAULTS.segment,
    names: fields?.names ?? DEFAULTS.names,
    sync: fields?.sync ?? DEFAULTS.sync,
    memory: fields?.memory ?? DEFAULTS.memory,
    headroom: readHeadroom(findings, fields?.headroom),
    policy: fields?.policy ?? DEFAULTS.policy,
  }
}

function readGateway(findings: Findings, root: PlainMap, book: CredentialBook): GatewayConfig {
  const map = findings.map(root.gateway, ['gateway'], 'gateway')
  const fields = (map && findings.section(gatewaySchema, map, ['gateway'], 'gateway')) ?? {}
  const text = fields.listen ?? DEFAULTS.listen
  const path = ['gateway', 'listen']
  const parsed = parseListenAddress(text)
  if ('problem' in parsed)
    findings.fault(path, `listen: ${quote(text)} ${parsed.problem}`, `write it like ${DEFAULTS.listen}`)
  const address = 'problem' in parsed ? { host: '127.0.0.1', port: 0 } : parsed
  const credentials =
    fields.credentials === undefined ? undefined : book.refer(fields.credentials, ['gateway', 'credentials'])
  return { ...address, credentials, linger: fields.linger ?? DEFAULTS.linger }
}

function readLimits(findings: Findings, root: PlainMap): LimitsConfig {
  const map = findings.map(root.limits, ['limits'], 'limits')
  const fields = map && findings.section(limitsSchema, map, ['limits'], 'limits')
  return {
    connectsPerSecond: fields?.connects_per_second ?? DEFAULTS.connectsPerSecond,
    connectsPerHost: fields?.connects_per_host ?? DEFAULTS.connectsPerHost,
    workers: fields?.workers ?? DEFAULTS.workers,
  }
}
