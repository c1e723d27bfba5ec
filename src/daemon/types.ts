import type { RecordingStatus, StreamStatus } from '../media/worker/protocol.ts'

/**
 * `ok`: recorded as it should be. `starting`: not yet, within the grace after a start. `bad`: it should be recorded and is
 * not. `off`: nobody wants it recorded.
 */
export type Health = 'ok' | 'starting' | 'bad' | 'off'

/** GET /v1/status. Also the result of `vmsctl status --json`. */
export interface SiteStatus {
  readonly site: string
  /** Zone of the site, in which its schedules are. */
  readonly timezone: string
  /** Wall-clock milliseconds of this report. */
  readonly at: number
  readonly daemon: DaemonInfo
  readonly summary: SiteSummary
  readonly workers: readonly WorkerReport[]
  /** MediaMTX; null where none is wanted, or `auto` and none found. */
  readonly relay: RelayReport | null
  /** Troubles of the whole site, one sentence each. */
  readonly notes: readonly string[]
  /** All cameras, or those asked for. */
  readonly cameras: readonly CameraReport[]
  /** Cameras left out because only those in need of attention were asked for. */
  readonly omitted: number
}

interface DaemonInfo {
  readonly pid: number
  readonly version: string
  readonly startedAt: number
  readonly config: string
  readonly stateDir: string
  /** Why the configuration file as it is now was not taken; null when the running one is the file's. */
  readonly configTrouble: string | null
}

export interface SiteSummary {
  readonly cameras: number
  /** Cameras that should be recorded: ok, starting and bad together. */
  readonly wanted: number
  readonly ok: number
  readonly starting: number
  readonly bad: number
  readonly off: number
  /** Those of `off` that are outside of their schedule now. */
  readonly outsideSchedule: number
  /** Bit/s received, main and sub streams. */
  readonly bitrate: number
  readonly subStreams: number
  readonly readers: number
  /** People who watch, each counted once at each camera. */
  readonly viewers: number
  /** Free bytes on the storage, and how long they last at the measured bit rate in milliseconds. */
  readonly diskFree: number | null
  readonly headroom: number | null
}

export interface WorkerReport {
  readonly slot: number
  readonly pid: number | null
  readonly version: string | null
  readonly startedAt: number | null
  readonly adopted: boolean
  readonly restarts: number
  readonly cameras: number
  readonly trouble: string | null
  /** Address that it listens on; null while it does not. */
  readonly gateway: string | null
  /** Why it does not, with the address. */
  readonly gatewayTrouble: string | null
  /** Address at which it serves HLS and the watch page; null while it does not. */
  readonly viewing: string | null
  /** Why it does not, with the address. */
  readonly viewingTrouble: string | null
  /** Bytes of frames in memory, of which waiting for the disk. */
  readonly memory: { readonly used: number; readonly waiting: number } | null
}

/** MediaMTX as it is now. */
export interface RelayReport {
  /** `missing`: none is there yet; `waiting`: it ended, or cannot be asked, and is tried again. */
  readonly state: 'missing' | 'stopped' | 'starting' | 'running' | 'waiting'
  /** URL of the API of one that is not ours; null for one of ours. */
  readonly attached: string | null
  readonly version: string | null
  readonly pid: number | null
  /** Wall-clock milliseconds since when it is in this state. */
  readonly since: number | null
  /** Ends that nobody asked for. */
  readonly restarts: number
  /** Where it serves viewers, `host:port` each. */
  readonly doors: {
    readonly rtsp: string | null
    readonly webrtc: string | null
    readonly hls: string | null
    readonly rtmp: string | null
  }
  /** Why it does not serve, for a person; null while it does. */
  readonly trouble: string | null
  /** What is not known of its version, or what it lacks. */
  readonly notes: readonly string[]
}

export interface CameraReport {
  readonly id: string
  readonly group: string | null
  readonly health: Health
  /** For a person; null while all is well. */
  readonly reason: string | null
  /**
   * Who wants it so: `configuration`, `schedule` and when that changes it next, or who said start or stop, and when. Wall-clock
   * milliseconds.
   */
  readonly wish: {
    readonly record: boolean
    readonly by: string
    readonly at: number | null
    readonly until: number | null
  }
  readonly worker: number | null
  readonly main: StreamStatus | null
  readonly sub: StreamStatus | null
  /** People who watch the camera, by whichever stream; each counted once. */
  readonly viewers: number
  readonly recording: RecordingStatus | null
  /** Milliseconds since the newest frame on disk. */
  readonly writtenAge: number | null
  readonly bytesOnDisk: number
  /** Footage of the last 24 hours that is not on disk, seconds, by reason. */
  readonly lost: Readonly<Record<string, number>>
}

/** POST /v1/record/start, /stop and /auto. Exactly one way to name cameras. */
export interface RecordRequest {
  readonly cameras?: readonly string[] | undefined
  readonly group?: string | undefined
  readonly all?: boolean | undefined
  /** Who asks; stands in status and history. */
  readonly by?: string | undefined
}

export interface RecordResult {
  /** What was asked for; null where the configuration decides again. */
  readonly record: boolean | null
  /** Those named, and of them those for which it changed something. */
  readonly cameras: readonly string[]
  readonly changed: readonly string[]
}

/** POST /v1/reload. */
export interface ReloadResult {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly changed: readonly string[]
  /** Settings of the whole site that changed, by name. */
  readonly settings: readonly string[]
  readonly notes: readonly string[]
}

/** GET /v1/health: up as soon as the daemon has adopted or started its workers. */
export interface HealthReport {
  readonly ready: boolean
  readonly pid: number
  readonly version: string
  readonly startedAt: number
  /** Steps that are still to be done. */
  readonly plan: readonly string[]
}

export interface LogLine {
  /** Wall-clock milliseconds; null where the line does not say and none before it did. */
  readonly time: number | null
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  /** `daemon`, or `worker-N`. */
  readonly source: string
  readonly camera: string | null
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}
