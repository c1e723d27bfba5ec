import type { CameraConfig, SiteConfig } from '../config/types.ts'
import type { StreamStatus } from '../media/worker/protocol.ts'
import type { StreamKey } from './types.ts'
import type { Doors } from './urls.ts'

/** What streaming has to know of the site, as the daemon holds it now. */
export interface LiveSite {
  readonly config: SiteConfig
  camera(id: string): CameraConfig | undefined
  /** Milliseconds that a camera's streams outlive their last viewer. */
  linger(camera: string): number
  /** Whether the configuration keeps a camera's stream warm at `wall`, and until when; null: always. Wall-clock milliseconds. */
  prewarmed(camera: string, wall: number): { readonly until: number | null } | undefined
  /** Where viewers of a camera are served. */
  doors(camera: string): Doors
  /** What its worker said last of a stream, and when: monotonic milliseconds. */
  status(key: StreamKey): { readonly status: StreamStatus; readonly at: number } | undefined
  /** Asks the workers, unless what they said is younger than `maxAge` milliseconds. Never rejects. */
  refresh(maxAge: number): Promise<void>
  /** Process id of a camera's worker. */
  workerPid(camera: string): number | undefined
}
