import type { CameraConfig } from '../config/types.ts'
import { VmsError } from '../kernel/errors.ts'
import type { LiveSite } from './live-site.ts'
import type { StreamKey, StreamUrl, ViewerProtocol } from './types.ts'
import { urlsOf } from './urls.ts'

/** The order in which protocols are offered to who names none. */
const OFFERED: readonly ViewerProtocol[] = ['webrtc', 'hls', 'rtsp', 'rtmp']

/** Where a stream of a camera is served now. */
export function doorsOf(site: LiveSite, { id, sub }: CameraConfig, stream: StreamKey['stream']): StreamUrl[] {
  return urlsOf({ camera: id, stream }, sub !== undefined, site.doors(id))
}

/** Where a viewer by a protocol is sent: to MediaMTX where it serves that, which is there for viewers, else to our own workers. */
export function bestDoor(doors: readonly StreamUrl[], protocol: ViewerProtocol): StreamUrl | undefined {
  const fitting = doors.filter(door => door.protocol === protocol)
  return fitting.find(({ by }) => by === 'mediamtx') ?? fitting[0]
}

/** The protocol that was asked for, or the best of those that are served. Throws VMS_E_NOT_SERVED. */
export function servedProtocol(
  site: LiveSite,
  camera: CameraConfig,
  asked: ViewerProtocol | undefined,
): ViewerProtocol {
  const served = new Set(doorsOf(site, camera, 'main').map(({ protocol }) => protocol))
  const found = (asked === undefined ? OFFERED : [asked]).find(protocol => served.has(protocol))
  if (found !== undefined) return found
  throw new VmsError('VMS_E_NOT_SERVED', `nobody serves ${asked ?? 'viewers'} here`, {
    hint:
      served.size === 0
        ? 'The media workers do not listen yet: see `vmsctl daemon status`.'
        : `Served are ${[...served].join(', ')}.`,
  })
}
