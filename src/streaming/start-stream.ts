import type { CameraConfig } from '../config/types.ts'
import { VmsError } from '../kernel/errors.ts'
import type { StreamRole } from '../media/frame.ts'
import { refusal } from './admission.ts'
import type { LiveControl } from './live-control.ts'
import type { LiveSite } from './live-site.ts'
import { candidates, unsuitable } from './suits.ts'
import type { StreamKey, ViewerProtocol } from './types.ts'
import type { Lease } from './viewers/lease.ts'

export interface Wish {
  readonly camera: CameraConfig
  readonly user: string
  readonly quality: StreamRole | undefined
  readonly protocol: ViewerProtocol | undefined
  /** Makes or renews the lease with which a stream is wanted. */
  readonly lease: (key: StreamKey) => Lease
}

export interface Started {
  readonly lease: Lease
  readonly running: boolean
  /** Why another stream than the first choice was taken. */
  readonly note: string | null
}

/** Milliseconds in which whoever asks for a stream has it, or an answer. */
const PATIENCE = 9_800

/**
 * Wants the best stream of a camera that suits, and waits until it plays. Rejects with VMS_E_VIEWING_LIMIT,
 * VMS_E_STREAM_UNAVAILABLE and VMS_E_STREAM_UNSUITABLE; then nothing is wanted more than before.
 */
export async function startStream(control: LiveControl, site: LiveSite, wish: Wish, now: number): Promise<Started> {
  const { camera, user, protocol } = wish
  const deadline = now + PATIENCE
  const faults: string[] = []
  if (wish.quality === 'sub' && !camera.sub) throw noSubStream(camera.id)
  for (const stream of candidates(camera.sub !== undefined, wish.quality)) {
    const key = { camera: camera.id, stream }
    admit(control, site, user, key)
    const before = control.streams.get(key)?.state.phase.name
    const running = before === 'running' || before === 'lingering'
    const lease = wish.lease(key)
    const renewed = control.leases.get(lease.id)
    control.putLease(lease)
    const undo = () => {
      // The same user may have asked again meanwhile, and have got it.
      if (control.leases.get(lease.id) !== lease) return
      control.dropLeases([lease])
      if (renewed) control.putLease(renewed)
    }
    const trouble = await control.streams.ready(key, deadline)
    if (trouble) {
      undo()
      const reason = trouble.late ? (site.status(key)?.status.reason ?? trouble.reason) : trouble.reason
      throw unavailable(key, reason)
    }
    const fault = protocol && unsuitable(protocol, factsOf(control, site, key))
    if (fault === undefined) return { lease, running, note: faults.length > 0 ? faults.join('; ') : null }
    undo()
    faults.push(`${stream}: ${fault}`)
  }
  throw new VmsError('VMS_E_STREAM_UNSUITABLE', `${camera.id} has no stream for ${protocol}: ${faults.join('; ')}`, {
    hint: 'Watch it by HLS or RTSP, or set the camera to H.264 without B-frames.',
  })
}

/** Of somebody who asks for the sub-stream of a camera that has none. */
export function noSubStream(camera: string): VmsError {
  return new VmsError('VMS_E_USAGE', `${camera} has no sub-stream`, { hint: 'Name its main stream: --quality main.' })
}

function admit(control: LiveControl, site: LiveSite, user: string, key: StreamKey): void {
  const bitrate = site.status(key)?.status.bitrate ?? 0
  const reason = refusal({ ...key, user, bitrate }, control.viewers(), site.config.viewing.limits)
  if (reason !== undefined) throw new VmsError('VMS_E_VIEWING_LIMIT', reason)
}

function unavailable({ camera, stream }: StreamKey, reason: string): VmsError {
  return new VmsError('VMS_E_STREAM_UNAVAILABLE', `${camera} cannot be watched: ${reason}`, {
    details: { camera, stream, reason },
  })
}

function factsOf(control: LiveControl, site: LiveSite, key: StreamKey) {
  return control.streams.get(key)?.opened ?? site.status(key)?.status ?? { codec: null, bFrames: null }
}
