import type { CameraConfig, SiteConfig } from '../../config/types.ts'
import type { Clock } from '../../kernel/clock.ts'
import { VmsError } from '../../kernel/errors.ts'
import type { StreamRole } from '../../media/frame.ts'
import type { CameraStatus } from '../../media/worker/protocol.ts'
import { unsuitable } from '../../streaming/index.ts'
import type { MediaPlane, SlotView } from '../../supervision/index.ts'

/** A camera as the watch page lists it. */
export interface ViewedCamera {
  readonly id: string
  readonly group: string | null
  /** `live`: pictures come; `idle`: they will when somebody asks; `down`: see `reason`. */
  readonly state: 'live' | 'idle' | 'down'
  readonly reason: string | null
}

/** How a page may watch. */
export type PageProtocol = 'webrtc' | 'hls'

/** How a page gets a camera's stream. */
export interface PageConnection {
  readonly camera: string
  readonly stream: StreamRole
  readonly protocol: PageProtocol
  /** A path of the page's own site. */
  readonly url: string
  readonly iceServers: readonly PageIceServer[]
  /** Why it is not what would be the first choice; null where it is. */
  readonly note: string | null
}

interface PageIceServer {
  readonly urls: string
  readonly username?: string | undefined
  readonly credential?: string | undefined
}

/** MediaMTX, where it runs: who offers WebRTC. */
export interface WebRtcRelay {
  /** Where it takes WHEP offers for a stream, at this machine. */
  whepUrl(camera: string, stream: StreamRole): string
  /** In place of the token of somebody who needs none here. */
  ticket?(camera: string): string
  iceServers(): Promise<readonly PageIceServer[]>
}

export interface ViewingDeskOptions {
  readonly config: () => SiteConfig
  readonly plane: MediaPlane
  /** What workers said last, and the way to ask them again. */
  readonly views: () => readonly SlotView[]
  readonly refresh: (maxAge: number, patience: number) => Promise<void>
  /** Undefined while none runs. */
  readonly relay: () => WebRtcRelay | undefined
  readonly clock: Clock
}

/** How old the workers' word may be for a list, and how long a list waits for it. Milliseconds. */
const LIST_AGE = 3_000
const LIST_PATIENCE = 1_000

/** What the watch page asks: which cameras there are, and how one is watched. It carries no media, and keeps nothing up. */
export class ViewingDesk {
  readonly #options: ViewingDeskOptions

  constructor(options: ViewingDeskOptions) {
    this.#options = options
  }

  get relay(): WebRtcRelay | undefined {
    return this.#options.relay()
  }

  /** Wall-clock milliseconds, by which pictures are stamped. */
  get now(): number {
    return this.#options.clock.wall()
  }

  has(camera: string): boolean {
    return this.#options.config().cameras.some(({ id }) => id === camera)
  }

  /** The cameras that `may` be seen, in the order of the configuration. */
  async cameras(may: (camera: string) => boolean): Promise<ViewedCamera[]> {
    const { config, views, refresh } = this.#options
    await refresh(LIST_AGE, LIST_PATIENCE)
    const heard = new Map(
      views().flatMap(({ status }) => (status?.cameras ?? []).map(each => [each.id, each] as const)),
    )
    return config()
      .cameras.filter(({ id }) => may(id))
      .map(({ id, group }) => ({ id, group: group ?? null, ...stateOf(heard.get(id)) }))
  }

  /**
   * Chooses stream and protocol, once the stream plays: within 10 s. Rejects with VMS_E_CAMERA_NOT_FOUND, and with VMS_E_REMOTE
   * whose message is the camera's reason.
   */
  async connect(id: string, protocols: readonly PageProtocol[], signal: AbortSignal): Promise<PageConnection> {
    const camera = this.#options.config().cameras.find(each => each.id === id)
    if (!camera) throw new VmsError('VMS_E_CAMERA_NOT_FOUND', `there is no camera ${id}`)
    const { stream, facts, note } = await this.#choose(camera, signal)
    const relay = protocols.includes('webrtc') ? this.relay : undefined
    const fault = relay && unsuitable('webrtc', facts)
    const obstacle = fault && `not by WebRTC: ${fault}`
    if (relay && obstacle === undefined) {
      const url = `/api/whep/${id}/${stream}`
      return { camera: id, stream, protocol: 'webrtc', url, iceServers: await relay.iceServers(), note }
    }
    const url = `/hls/${id}/${stream}/index.m3u8`
    return { camera: id, stream, protocol: 'hls', url, iceServers: [], note: obstacle ?? note }
  }

  /** The sub-stream, or main where that one has what every browser takes and the sub-stream has not. */
  async #choose({ id, sub }: CameraConfig, signal: AbortSignal) {
    const { plane } = this.#options
    if (!sub) return { stream: 'main' as const, facts: await plane.open(id, 'main', signal), note: null }
    const facts = await plane.open(id, 'sub', signal)
    if (facts.codec === 'h264') return { stream: 'sub' as const, facts, note: null }
    const main = await plane.open(id, 'main', signal).catch(() => undefined)
    if (main?.codec !== 'h264') return { stream: 'sub' as const, facts, note: null }
    return { stream: 'main' as const, facts: main, note: `the sub-stream is ${facts.codec ?? 'not known'}` }
  }
}

function stateOf(camera: CameraStatus | undefined): Pick<ViewedCamera, 'state' | 'reason'> {
  if (!camera) return { state: 'down', reason: 'its media worker has not reported it yet' }
  const streams = [camera.sub, camera.main].filter(stream => stream && stream.state !== 'idle')
  if (streams.some(stream => stream?.state === 'playing')) return { state: 'live', reason: null }
  const [first] = streams
  return first ? { state: 'down', reason: first.reason ?? first.state } : { state: 'idle', reason: null }
}
