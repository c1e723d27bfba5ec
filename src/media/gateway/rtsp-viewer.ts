import type { Clock } from '../../kernel/clock.ts'
import type { RtspSession } from '../rtsp-server/index.ts'
import type { Viewer } from '../viewers/index.ts'
import type { GatewayReader } from './gateway-reader.ts'
import type { StreamPath } from './stream-path.ts'

/** A client of the gateway that plays, for the list of those who watch. `id` is none that RTSP clients know. */
export function rtspViewer(
  id: string,
  { camera, stream }: StreamPath,
  session: RtspSession,
  reader: GatewayReader,
  clock: Clock,
): Viewer {
  const { visitor, userAgent, peer } = session
  const connectedAt = clock.wall()
  return {
    id,
    grant: visitor?.grant,
    session: () => ({
      id,
      camera,
      stream,
      protocol: 'rtsp',
      transport: session.tracks.some(track => track?.kind === 'udp') ? 'udp' : 'tcp',
      user: visitor?.user ?? null,
      token: visitor?.grant?.jti ?? null,
      client: userAgent ?? null,
      address: peer.address,
      connectedAt,
      lastSeen: clock.wall(),
      bytes: reader.bytes,
      relay: visitor?.relay ?? false,
    }),
    end: reason => reader.end(reason),
  }
}
