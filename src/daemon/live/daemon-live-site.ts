import { formatAddress, type ListenAddress } from '../../config/listen-address.ts'
import type { CameraConfig, SiteConfig } from '../../config/types.ts'
import type { CameraStatus, StreamStatus } from '../../media/worker/protocol.ts'
import type { Doors, LiveSite, StreamKey } from '../../streaming/index.ts'
import type { SlotView, WorkerSupervisor } from '../../supervision/index.ts'
import { SiteSchedules } from '../wanted/site-schedules.ts'

/** How long an answer waits for slow workers, milliseconds. */
const PATIENCE = 1_000

/** What follows from a configuration, made once for each. */
interface Derived {
  readonly config: SiteConfig
  readonly cameras: ReadonlyMap<string, CameraConfig>
  readonly warm: SiteSchedules
}

/** The site as live streams see it: the configuration that holds, and what the workers said last. */
export class DaemonLiveSite implements LiveSite {
  readonly #config: () => SiteConfig
  readonly #supervisor: WorkerSupervisor
  readonly #relay: () => Doors['mediamtx']
  #derived: Derived | undefined
  /** By camera, of the statuses that `#heardAt` names. */
  #heard: ReadonlyMap<string, { readonly camera: CameraStatus; readonly view: SlotView }> = new Map()
  #heardAt = ''

  /** `relay`: where MediaMTX serves viewers now. */
  constructor(config: () => SiteConfig, supervisor: WorkerSupervisor, relay: () => Doors['mediamtx']) {
    this.#config = config
    this.#supervisor = supervisor
    this.#relay = relay
  }

  get config(): SiteConfig {
    return this.#config()
  }

  camera(id: string): CameraConfig | undefined {
    return this.#derive().cameras.get(id)
  }

  linger(camera: string): number {
    return this.camera(camera)?.linger ?? this.config.gateway.linger
  }

  prewarmed(camera: string, wall: number): { readonly until: number | null } | undefined {
    const { cameras, warm } = this.#derive()
    const prewarm = cameras.get(camera)?.prewarm ?? false
    if (typeof prewarm === 'boolean') return prewarm ? { until: null } : undefined
    const schedule = warm.of(camera)
    return schedule?.active(wall) ? { until: schedule.nextChange(wall) ?? null } : undefined
  }

  doors(camera: string): Doors {
    const { gateway, viewing } = this.config
    const status = this.#listen().get(camera)?.view.status
    return {
      gateway: status?.gateway.listening ?? configured(gateway),
      viewing: status?.viewing?.listening ?? (viewing.listen && configured(viewing.listen)),
      mediamtx: this.#relay(),
    }
  }

  status({ camera, stream }: StreamKey): { readonly status: StreamStatus; readonly at: number } | undefined {
    const heard = this.#listen().get(camera)
    const status = heard?.camera[stream]
    return heard && status && { status, at: heard.view.statusAt }
  }

  refresh(maxAge: number): Promise<void> {
    return this.#supervisor.refresh(maxAge, PATIENCE)
  }

  workerPid(camera: string): number | undefined {
    return this.#listen().get(camera)?.view.pid
  }

  #derive(): Derived {
    const config = this.#config()
    if (this.#derived?.config !== config) {
      const cameras = new Map(config.cameras.map(camera => [camera.id, camera]))
      this.#derived = { config, cameras, warm: new SiteSchedules(config, ({ prewarm }) => prewarm) }
    }
    return this.#derived
  }

  #listen() {
    const views = this.#supervisor.views()
    const heardAt = views.map(({ slot, pid, statusAt }) => `${slot} ${pid} ${statusAt}`).join()
    if (heardAt !== this.#heardAt) {
      const told = views.flatMap(view =>
        (view.status?.cameras ?? []).map(camera => [camera.id, { camera, view }] as const),
      )
      this.#heard = new Map(told)
      this.#heardAt = heardAt
    }
    return this.#heard
  }
}

/** Where a worker that has not been heard will listen; of a port that it chooses nothing is known. */
function configured(address: ListenAddress): string | undefined {
  return address.port === 0 ? undefined : formatAddress(address)
}
