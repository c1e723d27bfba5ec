import { isIP } from 'node:net'
import type { MediaMtxConfig, SiteConfig } from '../../../config/index.ts'
import { formatAddress, reachableHere } from '../../../config/listen-address.ts'
import type { RelayVersion } from '../version.ts'

/** What MediaMTX is told of a site: all of its configuration file is made of this. Holds no secret. */
export interface RelayPlan {
  readonly version: RelayVersion
  readonly site: string
  readonly settings: MediaMtxConfig
  /** Where MediaMTX asks who may watch: authHTTPAddress. */
  readonly authUrl: string
  readonly paths: readonly RelayPath[]
}

export interface RelayPath {
  readonly camera: string
  readonly stream: 'main' | 'sub'
  /** `live/gate-1` for the sub-stream, `main/gate-1` for the main stream. */
  readonly name: string
  /** Of our gateway, on this machine. */
  readonly source: string
}

/** What is only known when it listens, where the configuration leaves a port open (0). */
export interface Listening {
  /** Our gateway, `host:port`. */
  readonly gateway?: string
  /** Port of our answers to MediaMTX. */
  readonly auth?: number
}

/** First parts of path names; what else a MediaMTX has is not ours. */
export const LIVE = 'live/'
export const MAIN = 'main/'

/** The relay of a site, for a version of MediaMTX. A camera without a sub-stream has its main stream under both names. */
export function planRelay(site: SiteConfig, version: RelayVersion, listening: Listening = {}): RelayPlan {
  const { mediamtx: settings, gateway } = site
  const base = `rtsp://${reachableHere(listening.gateway ?? formatAddress(gateway))}`
  const path = (prefix: string, camera: string, stream: 'main' | 'sub'): RelayPath => ({
    camera,
    stream,
    name: `${prefix}${camera}`,
    source: `${base}/${camera}/${stream}?for=mediamtx`,
  })
  return {
    version,
    site: site.site.name,
    settings,
    authUrl: `http://${bracketed(settings.auth.host)}:${listening.auth ?? settings.auth.port}/mediamtx/auth`,
    paths: site.cameras.flatMap(({ id, sub }) => [
      path(LIVE, id, sub === undefined ? 'main' : 'sub'),
      path(MAIN, id, 'main'),
    ]),
  }
}

export function bracketed(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host
}
