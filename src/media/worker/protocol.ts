import type { AccessRules } from '../../access/index.ts'
import type { StreamRole } from '../frame.ts'

/**
 * What daemon and media worker say to each other over the worker's Unix socket: one JSON object a line, both ways.
 * The worker is the server, so that a new daemon finds the worker of an old one.
 * A worker refuses a daemon of another PROTOCOL_VERSION with `{ok: false}`; it goes on recording.
 */
export const PROTOCOL_VERSION = 1

/** A camera as a worker needs it: everything resolved, credentials included (they live in memory only). */
export interface WantedCamera {
  readonly id: string
  readonly main: WantedStream
  readonly sub: WantedStream | undefined
  /** Record the main stream. */
  readonly record: boolean
  readonly engine: 'native' | 'ffmpeg'
  /** Milliseconds that its streams outlive their last reader. A daemon of an older build does not say. */
  readonly linger?: number
  /** This camera ran until just now in a worker that died: it connects at once, ahead of the start waves. */
  readonly resume: boolean
}

export interface WantedStream {
  /** rtsp: or rtsps: URL without user info. */
  readonly url: string
  readonly username: string | undefined
  readonly password: string | undefined
  /** Check the certificate of an rtsps camera; most cameras' are self-signed. */
  readonly verifyTls: boolean
}

/** The settings of a whole worker. */
export interface WorkerSettings {
  readonly site: string
  readonly storage: StorageSettings
  readonly gateway: GatewaySettings
  readonly limits: WorkerLimits
  /** Where viewers find HLS and the watch page; absent means nowhere. Their tokens are judged by the rules of `access`. */
  readonly viewing?: ViewingSettings
}

/** @public */
export interface ViewingSettings {
  readonly host: string
  readonly port: number
  readonly limits: ViewingLimits
}

/** @public What viewing may take; recording goes first. */
export interface ViewingLimits {
  readonly viewersPerStream: number
  readonly viewersPerUser: number
  /** Bit/s sent to viewers, over the whole node. */
  readonly bandwidth: number
}

export interface StorageSettings {
  /** Directory of the archive; absolute. */
  readonly path: string
  /** Id that the marker file in `path` must have; a missing or other marker means: do not write here. */
  readonly id: string
  /** Milliseconds of a segment, 1 000 to 3 600 000. */
  readonly segment: number
  /** `utc`: 20261123T183000Z.mp4; `local`: the owner's %Y%m%d_%H%M%S in the site's zone. */
  readonly names: 'utc' | 'local'
  readonly timezone: string
  /** Milliseconds between two fdatasync of an open segment (the loss bound of a power cut), 0 for never. */
  readonly syncPeriod: number
  /** Bytes of frames that may wait for the disk, over all cameras of this worker. */
  readonly memory: number
}

export interface GatewaySettings {
  readonly host: string
  readonly port: number
  /** Both or neither; demanded when `host` is not loopback. */
  readonly username: string | undefined
  readonly password: string | undefined
  /** Milliseconds that an on-demand stream outlives its last reader. */
  readonly linger: number
}

interface WorkerLimits {
  /** New connections a second, over all cameras of this worker (start waves). */
  readonly connectsPerSecond: number
  /** Connections being set up at once to one host and port. */
  readonly connectsPerHost: number
}

/** Requests of the daemon; each is answered by one reply with the same `id`. */
export type WorkerRequest =
  | { readonly id: number; readonly type: 'hello'; readonly protocol: number }
  | {
      readonly id: number
      readonly type: 'apply'
      readonly settings: WorkerSettings
      readonly cameras: readonly WantedCamera[]
      readonly peers: readonly GatewayPeer[]
    }
  | { readonly id: number; readonly type: 'status' }
  /** What stands before `position` in the worker's journal is safe in the index: the journal may be begun anew. */
  | { readonly id: number; readonly type: 'acknowledge'; readonly position: number }
  /** Close all segments and sessions in order, then exit. */
  | { readonly id: number; readonly type: 'stop' }
  /**
   * The streams that this daemon wants up, all of them: what an earlier `hold` of its connection named, and this one does not,
   * it wants no more. A hold that is taken away ends the stream at once unless somebody reads it; one that is lost, for the
   * connection ended, becomes a linger.
   */
  | { readonly id: number; readonly type: 'hold'; readonly streams: readonly StreamRef[] }
  /** Waits until the stream plays, 10 s at most, and keeps it up meanwhile. Refused with what is wrong with the camera. */
  | { readonly id: number; readonly type: 'open'; readonly camera: string; readonly stream: StreamRole }
  /** Everybody who watches now. */
  | { readonly id: number; readonly type: 'sessions' }
  /** Ends the session of a viewer; the result says whether it was there. `reason` is for the log. */
  | { readonly id: number; readonly type: 'end-session'; readonly session: string; readonly reason: string }
  /** Which tokens hold from now on. Sessions of those that do not any more are ended. */
  | { readonly id: number; readonly type: 'access'; readonly rules: AccessRules }

export interface StreamRef {
  readonly camera: string
  readonly stream: StreamRole
}

/** @public A stream that plays; null where it is not known. */
export interface OpenedStream {
  readonly codec: string | null
  readonly bFrames: boolean | null
  readonly width: number | null
  readonly height: number | null
  readonly fps: number | null
  readonly audio: string | null
}

/** One connection of a viewer to a stream. */
export interface ViewerSession {
  readonly id: string
  readonly camera: string
  readonly stream: StreamRole
  readonly protocol: 'rtsp' | 'hls'
  readonly transport: 'tcp' | 'udp' | 'http'
  /** Name of the token or the login; null for somebody at this machine who did not say. */
  readonly user: string | null
  /** Id of the token. */
  readonly token: string | null
  /** User-Agent, as the client says. */
  readonly client: string | null
  readonly address: string
  /** Wall-clock milliseconds. */
  readonly connectedAt: number
  /** Wall-clock milliseconds when it was surely there: RTSP now, HLS at its last request. */
  readonly lastSeen: number
  /** Bytes sent to it. */
  readonly bytes: number
  /** A program of ours that passes the stream on (MediaMTX), not a person. */
  readonly relay: boolean
}

/** Another worker's gateway: connections for its cameras are spliced to its socket. */
export interface GatewayPeer {
  readonly socket: string
  /** Where it takes HTTP requests; a worker of an older build takes none. */
  readonly http?: string
  readonly cameras: readonly string[]
}

export type WorkerReply =
  | { readonly id: number; readonly ok: true; readonly result: WorkerResult }
  | { readonly id: number; readonly ok: false; readonly message: string }

export type WorkerResult = WorkerHello | WorkerStatus | OpenedStream | readonly ViewerSession[] | boolean | null

export interface WorkerHello {
  readonly protocol: number
  /** Version of vmsctl that the worker runs. */
  readonly version: string
  readonly pid: number
  readonly slot: number
  /** Wall-clock milliseconds at which the worker started. */
  readonly startedAt: number
}

export interface WorkerStatus {
  readonly slot: number
  readonly pid: number
  readonly cameras: readonly CameraStatus[]
  readonly gateway: {
    readonly listening: string | undefined
    readonly trouble: string | undefined
    readonly readers: number
  }
  /** HLS and the watch page; absent where none is configured. */
  readonly viewing?: {
    readonly listening: string | undefined
    readonly trouble: string | undefined
    readonly viewers: number
  }
  /** Bytes of frames held in memory, of which waiting for the disk. */
  readonly memory: { readonly used: number; readonly waiting: number }
}

export interface CameraStatus {
  readonly id: string
  readonly main: StreamStatus
  readonly sub: StreamStatus | undefined
  readonly recording: RecordingStatus
}

/** `idle`: nobody wants it. */
export type SourceState = 'idle' | 'connecting' | 'playing' | 'stalled' | 'backing-off'

export interface StreamStatus {
  readonly state: SourceState
  /** For a person: "refused", "401 unauthorized", "no video for 10 s"; null while all is well. */
  readonly reason: string | null
  /** Wall-clock milliseconds since when this state holds. */
  readonly since: number
  /** Milliseconds until the next try; null when none is planned. */
  readonly retryIn: number | null
  /** 'h264', 'h265', or the SDP's name of a codec that is not ours. */
  readonly codec: string | null
  readonly audio: string | null
  readonly width: number | null
  readonly height: number | null
  readonly bFrames: boolean | null
  /** Measured over the last 10 s. */
  readonly fps: number | null
  /** Measured bit/s over the last 10 s, as received. */
  readonly bitrate: number | null
  /** Measured key frame interval, milliseconds. */
  readonly gop: number | null
  /** Milliseconds since the last key frame. */
  readonly keyFrameAge: number | null
  readonly readers: number
  readonly framesReceived: number
  readonly packetsLost: number
  readonly damaged: number
  /** Frames that slow readers did not get. */
  readonly framesDropped: number
  /** Bytes sent to viewers since the worker began. A worker of an older build does not say. */
  readonly bytesOut?: number
  /** Camera clock minus ours, milliseconds. */
  readonly clockOffset: number | null
  /** Camera clock drift, parts per million. */
  readonly clockDrift: number | null
  readonly reconnects: number
  /** Media of tracks that are not recorded or not served, one sentence each. */
  readonly notes: readonly string[]
}

export interface RecordingStatus {
  readonly wanted: boolean
  readonly engine: 'native' | 'ffmpeg'
  /** Why `ffmpeg` stands in for `native`; null when it does not. */
  readonly fallback: string | null
  /** True while the newest frames are going to disk. */
  readonly active: boolean
  readonly reason: string | null
  /** Path of the open segment, relative to the storage path. */
  readonly segment: string | null
  readonly segments: number
  readonly bytesWritten: number
  readonly framesWritten: number
  /** Wall-clock milliseconds of the newest frame on disk. */
  readonly lastWritten: number | null
  /** Seconds of footage lost since the worker began, by reason ("refused", "disk full", "stalled"). */
  readonly lost: Readonly<Record<string, number>>
}
