import type { Clock } from '../kernel/clock.ts'
import { timeOrderedId } from '../kernel/ids.ts'
import { knownCamera } from './known-camera.ts'
import type { LiveControl } from './live-control.ts'
import type { LiveSite } from './live-site.ts'
import type { ConnectRequest, ConnectResult, IceServer } from './requests.ts'
import { bestDoor, doorsOf, servedProtocol } from './served.ts'
import { startStream } from './start-stream.ts'
import type { TokenMaker } from './token-maker.ts'
import type { StreamKey } from './types.ts'
import type { Lease } from './viewers/lease.ts'

export interface ConnectContext {
  readonly site: LiveSite
  readonly control: LiveControl
  readonly tokens: TokenMaker
  /** For viewers by WebRTC. */
  readonly iceServers: () => Promise<readonly IceServer[]>
  readonly clock: Clock
  /** Gives a number in [0, 1). */
  readonly random: () => number
}

/** Milliseconds that a token of a viewer holds where nothing else is said. */
const TOKEN_LIFE = 8 * 3_600_000

/** Lets a user in: a stream that plays, where it is watched, and a token for it. Rejects like startStream, and with VMS_E_NOT_SERVED. */
export async function connectViewer(context: ConnectContext, request: ConnectRequest): Promise<ConnectResult> {
  const { control, site, clock, tokens, iceServers, random } = context
  const camera = knownCamera(site, request.camera)
  const { user, client = null, quality } = request
  const protocol = servedProtocol(site, camera, request.protocol)
  const since = Math.round(clock.wall())
  const until = since + site.config.viewing.lease
  const id = timeOrderedId(since, random)
  // A stream that cannot be had costs no token.
  const asked = (key: StreamKey): Lease => ({
    ...key,
    id,
    user,
    since,
    until,
    protocol,
    client,
    token: '',
    expires: null,
  })
  const wish = { camera, user, quality, protocol, lease: asked }
  const { lease, note } = await startStream(control, site, wish, clock.monotonic())
  const { stream } = lease
  const admit = async () => {
    // Whoever served it may be gone meanwhile.
    const door = bestDoor(doorsOf(site, camera, stream), servedProtocol(site, camera, protocol))!
    return { door, ...(await tokens.make(user, camera.id, request.for ?? TOKEN_LIFE, client)) }
  }
  const { token, door, ...made } = await admit().catch((error: unknown) => {
    control.dropLeases([lease])
    throw error
  })
  const { expires } = made
  control.putLease({ ...lease, token: made.id, expires })
  // Players of RTSP and RTMP have no other place for it; by HTTP it goes in a header, for URLs get logged.
  const url = protocol === 'rtsp' || protocol === 'rtmp' ? `${door.url}?token=${token}` : door.url
  const ice = protocol === 'webrtc' ? await iceServers() : []
  const where = { camera: camera.id, stream, protocol, by: door.by, url }
  return { id, user, client, ...where, token, expires, until, iceServers: ice, note }
}
