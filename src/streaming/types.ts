import type { StreamRole } from '../media/frame.ts'
import type { StreamPhase } from './stream/state.ts'

/** How a viewer gets a stream. */
export type ViewerProtocol = 'rtsp' | 'hls' | 'webrtc' | 'rtmp'

/** `local`: somebody who came from this machine and did not say who. */
export const ANONYMOUS = 'local'

/** A stream of a camera. */
export interface StreamKey {
  readonly camera: string
  readonly stream: StreamRole
}

/** Where a stream can be watched. No URL holds a secret here. */
export interface StreamUrl {
  readonly protocol: ViewerProtocol
  /** Who serves it: our own gateway or MediaMTX. */
  readonly by: 'gateway' | 'mediamtx'
  readonly url: string
}

/** Why a stream is up, one reason each. Times are wall-clock milliseconds. */
export type Why =
  /** Somebody watches. */
  | { readonly kind: 'viewer'; readonly user: string; readonly protocol: ViewerProtocol; readonly since: number }
  /** Somebody asked for it, and counts until then. */
  | { readonly kind: 'lease'; readonly user: string; readonly since: number; readonly until: number }
  /** Somebody said that it is to be kept up; null: until that is taken back. */
  | { readonly kind: 'keep'; readonly by: string; readonly since: number; readonly until: number | null }
  /** The configuration keeps it warm; null: always. */
  | { readonly kind: 'prewarm'; readonly until: number | null }
  /** Nobody watches any more; it ends then. */
  | { readonly kind: 'linger'; readonly until: number }

/** A stream on demand as it is now. Times are wall-clock milliseconds. */
export interface StreamReport extends StreamKey {
  readonly state: StreamPhase['name']
  /** Since when it is in this state; of one that is up, since when it plays. Null for one that is idle. */
  readonly since: number | null
  /** Why it cannot be had; null while it can. */
  readonly reason: string | null
  readonly why: readonly Why[]
  /** People, each counted once. */
  readonly viewers: number
  /** Connections of them. */
  readonly sessions: number
  /** Measured bit/s from the camera, and to all viewers together; null where it is not known. */
  readonly bitrateIn: number | null
  readonly bitrateOut: number
  readonly urls: readonly StreamUrl[]
}

/** Somebody at a stream. Times are wall-clock milliseconds. */
export interface ViewerReport extends StreamKey {
  /** Of the session; of somebody who has not come yet, of the lease. */
  readonly id: string
  /** Id that `viewer connect` gave; null for who came without. */
  readonly connection: string | null
  readonly user: string
  /** `expected`: it said that it would watch, and has not been seen. */
  readonly state: 'watching' | 'expected'
  readonly protocol: ViewerProtocol | null
  readonly client: string | null
  readonly address: string | null
  readonly since: number
  /** Until when somebody who is expected counts; null for who watches. */
  readonly until: number | null
  readonly bytes: number
  /** Measured bit/s. */
  readonly bitrate: number
}

/** One viewing that was or is. Times are wall-clock milliseconds. */
export interface Viewing extends StreamKey {
  readonly user: string
  readonly protocol: ViewerProtocol
  readonly client: string | null
  readonly address: string
  readonly started: number
  /** Null while it goes on. */
  readonly ended: number | null
  readonly bytes: number
  /** How it ended; null while it goes on. */
  readonly how: string | null
}
