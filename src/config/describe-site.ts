import { redactUrl } from '../kernel/redact.ts'
import { formatAddress } from './listen-address.ts'
import { describeSecret } from './secret.ts'
import type {
  AlarmTarget,
  CameraConfig,
  CameraRetention,
  Credentials,
  MediaMtxConfig,
  SecretReference,
  SiteConfig,
  StreamConfig,
} from './types.ts'

/** `config` as plain data for --json; milliseconds and bytes as in SiteConfig. Holds no password. */
export function showSite(config: SiteConfig) {
  return {
    ...config,
    gateway: { ...config.gateway, credentials: showCredentials(config.gateway.credentials) },
    alarms: { ...config.alarms, targets: config.alarms.targets.map(showTarget) },
    registry: config.registry && { ...config.registry, credentials: showCredentials(config.registry.credentials) },
    mediamtx: showMediaMtx(config.mediamtx),
    cameras: config.cameras.map(showCamera),
  }
}

function showMediaMtx(mediamtx: MediaMtxConfig) {
  const { attach, iceServers } = mediamtx
  return {
    ...mediamtx,
    attach: attach && { ...attach, credentials: showCredentials(attach.credentials) },
    iceServers: iceServers.map(({ url, credentials }) => ({ url, credentials: showCredentials(credentials) })),
  }
}

/** Of a webhook only the origin: many hold a secret in their path. */
function showTarget(target: AlarmTarget) {
  if (target.kind !== 'webhook') return target
  return { ...target, url: new URL(target.url).origin, key: target.key && showReference(target.key) }
}

export function showCamera(camera: CameraConfig) {
  return { ...camera, main: showStream(camera.main), sub: camera.sub && showStream(camera.sub) }
}

function showStream(stream: StreamConfig) {
  return { ...stream, url: redactUrl(stream.url), credentials: showCredentials(stream.credentials) }
}

function showCredentials(credentials: Credentials | undefined) {
  return credentials && { username: credentials.username, password: showReference(credentials.password) }
}

function showReference(
  reference: SecretReference,
): Exclude<SecretReference, { kind: 'inline' }> | { readonly kind: 'inline' } {
  return reference.kind === 'inline' ? { kind: 'inline' } : reference
}

/** `config` as YAML in the words of vms.yaml, everything filled in. For people; a password in the file is shown as a comment. */
export async function describeSite(config: SiteConfig): Promise<string> {
  const { stringify } = await import('yaml')
  const { site, storage, gateway, limits, alarms, viewing, registry } = config
  const shown = {
    site,
    storage: {
      path: storage.path,
      segment: seconds(storage.segment),
      names: storage.names,
      sync: seconds(storage.sync),
      memory: `${storage.memory / 1e6}MB`,
      headroom: {
        warn: span(storage.headroom.warn),
        delete: span(storage.headroom.delete),
        protect: span(storage.headroom.protect),
      },
      policy: storage.policy,
    },
    gateway: {
      listen: formatAddress(gateway),
      credentials: describeCredentials(gateway.credentials),
      linger: `${gateway.linger / 1_000}s`,
    },
    limits: {
      connects_per_second: limits.connectsPerSecond,
      connects_per_host: limits.connectsPerHost,
      workers: limits.workers,
    },
    groups: describeGroups(config),
    alarms: {
      not_recorded: seconds(alarms.notRecorded),
      coverage: alarms.coverage === 0 ? 'never' : alarms.coverage,
      headroom: seconds(alarms.headroom),
      remind: seconds(alarms.remind),
      deliver: alarms.targets.map(describeTarget),
    },
    viewing: {
      listen: viewing.listen ? formatAddress(viewing.listen) : 'never',
      lease: seconds(viewing.lease),
      history: span(viewing.history),
      limits: {
        viewers_per_stream: viewing.limits.viewersPerStream,
        viewers_per_user: viewing.limits.viewersPerUser,
        bandwidth: `${viewing.limits.bandwidth / 1e6}Mbps`,
      },
    },
    registry: registry && { url: registry.url, credentials: describeCredentials(registry.credentials) },
    mediamtx: describeMediaMtx(config.mediamtx),
    cameras: config.cameras.map(camera => ({
      id: camera.id,
      group: camera.group,
      main: redactUrl(camera.main.url),
      sub: camera.sub && redactUrl(camera.sub.url),
      credentials: describeCredentials(camera.main.credentials),
      engine: camera.engine,
      record: camera.record,
      prewarm: camera.prewarm,
      retention: describeRetention(camera.retention),
      priority: camera.retention.priority,
      linger: `${camera.linger / 1_000}s`,
      verify_tls: camera.main.verifyTls,
    })),
  }
  return stringify(shown, { lineWidth: 0, aliasDuplicateObjects: false })
}

/** Of groups only what is not said of each of their cameras. */
function describeGroups({ retention }: SiteConfig): Record<string, unknown> | undefined {
  if (retention.groups.length === 0) return undefined
  return Object.fromEntries(retention.groups.map(({ group, quota }) => [group, { retention: { quota: bytes(quota) } }]))
}

function describeRetention({ age, quota }: CameraRetention): Record<string, string> {
  return { age: age === null ? 'never' : span(age), quota: quota === null ? 'none' : bytes(quota) }
}

function describeCredentials(credentials: Credentials | undefined): string | undefined {
  return credentials && `${credentials.username}, password: ${describeSecret(credentials.password)}`
}

function describeTarget(target: AlarmTarget) {
  const { name } = target
  if (target.kind === 'journal') return { name, journal: true }
  const timeout = seconds(target.timeout)
  if (target.kind === 'command') return { name, command: target.argv, timeout }
  return { name, webhook: new URL(target.url).origin, key: target.key && describeSecret(target.key), timeout }
}

function describeMediaMtx({ api, attach, auth, ports, hls, ...rest }: MediaMtxConfig) {
  const { webrtcUdp, ...tcp } = ports
  return {
    run: rest.run,
    program: rest.program,
    api: formatAddress(api),
    attach: attach && { url: attach.url, credentials: describeCredentials(attach.credentials) },
    auth: formatAddress(auth),
    host: rest.host,
    ...tcp,
    webrtc_udp: webrtcUdp,
    hls_variant: hls,
    webrtc_hosts: rest.webrtcHosts,
    ice_servers: rest.iceServers.map(({ url, credentials }) =>
      credentials === undefined ? url : { url, credentials: describeCredentials(credentials) },
    ),
    networks: rest.networks,
  }
}

function seconds(milliseconds: number): string {
  if (milliseconds === 0) return 'never'
  return `${milliseconds / 1_000}s`
}

/** Milliseconds in the largest unit that divides them. */
function span(milliseconds: number): string {
  if (milliseconds % 86_400_000 === 0) return `${milliseconds / 86_400_000}d`
  return milliseconds % 3_600_000 === 0 ? `${milliseconds / 3_600_000}h` : seconds(milliseconds)
}

function bytes(count: number): string {
  return count % 1e6 === 0 ? `${count / 1e6}MB` : `${count}B`
}
