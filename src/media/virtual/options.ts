import type { AudioCodec } from './audio-feed.ts'
import type { LoginScheme } from './camera-login.ts'
import type { PlannedFault } from './fault.ts'
import type { ParameterSetPlace } from './video-feed.ts'

/** Where a new viewer's video begins: with the next key frame, with whatever frame is next, or with a key frame made for it. */
export type JoinPoint = 'key' | 'now' | 'idr'

/** What is simulated. Plain data: it travels to a process of its own. */
export interface VirtualCamerasOptions {
  /** Cameras, 1 to 10 000. */
  readonly count: number
  /** Camera ids are this and the number, from 1, with three digits at least: `cam-001`. */
  readonly prefix: string
  /** Bit/s of the elementary stream of each main stream. */
  readonly main: number
  /** The same of the sub-stream; undefined: cameras have none. */
  readonly sub: number | undefined
  readonly codec: 'h264' | 'h265'
  readonly audio: AudioCodec | undefined
  /** Frames a second, 1 to 240. */
  readonly fps: number
  /** Frames from one key frame to the next, 2 to 250. Of no meaning with `file`. */
  readonly gop: number
  readonly bframes: boolean
  /** A plain MP4 file with H.264 or H.265 that the main streams play instead of our own clip. */
  readonly file: string | undefined
  readonly credentials: { readonly username: string; readonly password: string } | undefined
  readonly auth: LoginScheme
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  /** PEM of certificate and key; undefined: plain `rtsp`. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined
  readonly join: JoinPoint
  readonly parameterSets: ParameterSetPlace
  readonly faults: readonly PlannedFault[]
}

/** 200 cameras as the owner has them; every field may be replaced. */
export const DEFAULT_OPTIONS: VirtualCamerasOptions = {
  count: 1,
  prefix: 'cam-',
  main: 4_000_000,
  sub: 1_000_000,
  codec: 'h264',
  audio: undefined,
  fps: 25,
  gop: 50,
  bframes: false,
  file: undefined,
  credentials: undefined,
  auth: 'digest',
  host: '127.0.0.1',
  port: 0,
  tls: undefined,
  join: 'key',
  parameterSets: 'both',
  faults: [],
}

/** Ids of the cameras: `cam-001` ... */
export function cameraIds({ prefix, count }: Pick<VirtualCamerasOptions, 'prefix' | 'count'>): string[] {
  const digits = Math.max(3, String(count).length)
  return Array.from({ length: count }, (_, i) => prefix + String(i + 1).padStart(digits, '0'))
}
