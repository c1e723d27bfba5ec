import type { StreamRole } from '../media/frame.ts'
import type { StreamReport, StreamUrl, ViewerProtocol } from './types.ts'

/** POST /v1/streams/{camera}/start. */
export interface StartRequest {
  readonly user: string
  /** Milliseconds that the viewer counts without being seen; `viewing.lease` when absent. */
  readonly for?: number | undefined
  /** The best that suits when absent. */
  readonly quality?: StreamRole | undefined
  /** How it will be watched: of a stream that does not suit that, another is taken. */
  readonly protocol?: ViewerProtocol | undefined
}

export interface StartResult {
  readonly stream: StreamReport
  readonly user: string
  /** Wall-clock milliseconds until when the viewer counts without being seen. */
  readonly until: number
  /** Whether it ran already. */
  readonly running: boolean
  /** Milliseconds that it took. */
  readonly took: number
  /** Why it is not the stream that would be the first choice; null where it is. */
  readonly note: string | null
}

export interface StopRequest {
  readonly user: string
  readonly quality?: StreamRole | undefined
}

export interface StopResult {
  readonly user: string
  /** Leases of the user that ended. */
  readonly released: number
  /** The camera's streams that are up all the same, and why. */
  readonly streams: readonly StreamReport[]
}

export interface KeepRequest {
  readonly by: string
  /** As people write times; until it is taken back when absent. */
  readonly until?: string | undefined
  /** Takes it back. */
  readonly off?: boolean | undefined
  readonly quality?: StreamRole | undefined
}

export interface KeepResult {
  readonly stream: StreamReport
  /** Whether it changed anything. */
  readonly changed: boolean
}

/** POST /v1/viewers/connect. */
export interface ConnectRequest {
  readonly camera: string
  readonly user: string
  /** Program or device, for the list and the history. */
  readonly client?: string | undefined
  readonly protocol?: ViewerProtocol | undefined
  readonly quality?: StreamRole | undefined
  /** Milliseconds that the token holds; 8 h when absent. */
  readonly for?: number | undefined
}

export interface IceServer {
  readonly urls: string
  readonly username?: string | undefined
  readonly credential?: string | undefined
}

export interface ConnectResult {
  /** Names the viewer in `viewer list` and `viewer disconnect`. */
  readonly id: string
  readonly user: string
  readonly client: string | null
  readonly camera: string
  readonly stream: StreamRole
  readonly protocol: ViewerProtocol
  readonly by: StreamUrl['by']
  /** For RTSP players the token stands in it; browsers send it as `Authorization: Bearer`. */
  readonly url: string
  readonly token: string
  /** Wall-clock milliseconds when the token runs out, and until when it is waited for the viewer. */
  readonly expires: number
  readonly until: number
  readonly iceServers: readonly IceServer[]
  readonly note: string | null
}

export interface DisconnectResult {
  /** Sessions that were ended. */
  readonly ended: number
  /** Whether a token was taken back, so that the viewer cannot come again with it. */
  readonly revoked: boolean
}
