import { workerPaths } from '../config/state-paths.ts'
import type { SiteConfig } from '../config/types.ts'
import type { WorkerSettings } from '../media/worker/protocol.ts'
import type { WorkerOrder } from '../supervision/index.ts'
import type { ResolvedSite } from './resolve-cameras.ts'

/** No storage directory has this marker: a worker told so writes nothing and says why. */
export const NO_STORAGE = 'none'

export interface OrderInput {
  readonly config: SiteConfig
  readonly site: ResolvedSite
  /** Camera to slot. */
  readonly placement: ReadonlyMap<string, number>
  readonly slots: number
  /** Whether a camera should be recorded. */
  readonly wanted: (camera: string) => boolean
  /** Id of the storage marker; undefined while the storage cannot be used. */
  readonly storageId: string | undefined
  readonly stateDir: string
}

/** What each worker should be told: the whole of its cameras and settings. Limits of the node are divided among workers. */
export function composeOrders(input: OrderInput): Map<number, WorkerOrder> {
  const { config, site, placement, slots, stateDir } = input
  const cameras = Array.from({ length: slots }, (): WorkerOrder['cameras'][number][] => [])
  for (const { id, engine, linger } of config.cameras) {
    const { main, sub } = site.cameras.get(id) ?? {}
    const slot = placement.get(id)
    if (!main || slot === undefined) continue
    cameras[slot]?.push({ id, main, sub, record: input.wanted(id), engine, linger })
  }
  const settings = settingsOf(input)
  const peerOf = (slot: number, own: WorkerOrder['cameras']) => {
    const { gateway, http } = workerPaths(stateDir, slot)
    return { socket: gateway, http, cameras: own.map(camera => camera.id) }
  }
  return new Map(
    cameras.map((own, slot) => [
      slot,
      {
        settings,
        cameras: own,
        peers: cameras.flatMap((others, other) =>
          other === slot || others.length === 0 ? [] : [peerOf(other, others)],
        ),
      },
    ]),
  )
}

function settingsOf({ config, site, slots, storageId }: OrderInput): WorkerSettings {
  const { storage, gateway, limits, viewing } = config
  return {
    site: config.site.name,
    storage: {
      path: storage.path,
      id: storageId ?? NO_STORAGE,
      segment: storage.segment,
      names: storage.names,
      timezone: config.site.timezone,
      syncPeriod: storage.sync,
      memory: Math.floor(storage.memory / slots),
    },
    ...(viewing.listen ? { viewing: { ...viewing.listen, limits: viewing.limits } } : {}),
    gateway: {
      host: gateway.host,
      port: gateway.port,
      username: site.gatewayUser?.username,
      password: site.gatewayUser?.password,
      linger: gateway.linger,
    },
    limits: {
      connectsPerSecond: Math.max(1, limits.connectsPerSecond / slots),
      connectsPerHost: Math.max(1, Math.floor(limits.connectsPerHost / slots)),
    },
  }
}
