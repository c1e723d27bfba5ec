import type { GatewayPeer, WantedCamera, WorkerSettings, WorkerStatus } from '../media/worker/protocol.ts'
import type { SlotFacts } from './slot-plan.ts'

/** What a worker is told by `apply`; `resume` is filled in here. */
export interface WorkerOrder {
  readonly settings: WorkerSettings
  readonly cameras: readonly Omit<WantedCamera, 'resume'>[]
  readonly peers: readonly GatewayPeer[]
}

/** A slot for reports. */
export interface SlotView {
  readonly slot: number
  readonly pid: number | undefined
  readonly version: string | undefined
  /** Wall-clock milliseconds. */
  readonly startedAt: number | undefined
  /** It ran before this daemon did. */
  readonly adopted: boolean
  readonly restarts: number
  readonly link: SlotFacts['link']
  readonly trouble: string | undefined
  readonly cameras: number
  readonly status: WorkerStatus | undefined
  /** Monotonic milliseconds of `status`. */
  readonly statusAt: number
}
