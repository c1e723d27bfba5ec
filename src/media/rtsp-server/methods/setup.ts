import { messageOf } from '../../../kernel/errors.ts'
import type { RtspRequest } from '../../../wire/rtsp/index.ts'
import { parseTransport, serializeTransport, type Transport, transport } from '../../../wire/rtsp/index.ts'
import { findSession, sessionHeader } from '../find-session.ts'
import type { PresentationHold } from '../presentation-hold.ts'
import { isRefusal, refuse, reply } from '../reply.ts'
import { baseOf, controlIndex, parentOf, parseTarget } from '../request-target.ts'
import type { ServerConnection } from '../server-connection.ts'
import { ServerSession } from '../server-session.ts'
import type { Refusal, RequestTarget } from '../types.ts'
import { UdpPair } from '../udp-pair.ts'
import { describe } from './describe.ts'

/** What a SETUP's URL names. */
interface SetupTarget {
  readonly hold: PresentationHold
  readonly target: RequestTarget
  /** URL of the presentation. */
  readonly base: string
  readonly index: number
}

/** SETUP (RFC 2326 section 10.4): the first one of a client makes the session. */
export async function answerSetup(connection: ServerConnection, request: RtspRequest): Promise<void> {
  const named = request.headers.get('Session') !== undefined
  const existing = named ? findSession(connection, request) : undefined
  if (named && !existing) return reply(connection, request, 454)
  if (existing?.player) return reply(connection, request, 455)
  const offer = chooseTransport(connection, request, existing)
  if (!offer) return reply(connection, request, 461)
  const found = await locate(connection, request, existing)
  if (connection.closed) return
  if (isRefusal(found)) return refuse(connection, request, found)
  if (existing && existing.target.path !== found.target.path) return reply(connection, request, 459)
  if (existing?.tracks[found.index]) return reply(connection, request, 455)
  const session = existing ?? begin(connection, request, found, offer.lower === 'udp')
  if (!session) return refuse(connection, request, { status: 453, reason: 'Too Many Sessions' })
  const answered = await addTrack(connection, session, found.index, offer)
  if (session.ended || connection.closed) return
  if (isRefusal(answered)) {
    if (!existing) session.end(answered.reason)
    return refuse(connection, request, answered)
  }
  reply(connection, request, 200, {
    headers: [sessionHeader(connection, session), ['Transport', serializeTransport(answered)]],
  })
}

/** The first alternative that can be served. All tracks of a session go the same way. */
function chooseTransport(
  connection: ServerConnection,
  request: RtspRequest,
  existing: ServerSession | undefined,
): Transport | undefined {
  return parseTransport(request.headers.get('Transport') ?? '').find(({ profile, lower, delivery, ...offer }) => {
    if (profile !== 'RTP/AVP' || delivery === 'multicast' || offer.mode === 'record') return false
    if (existing && existing.udp !== (lower === 'udp')) return false
    if (lower === 'tcp') return true
    const [rtp, rtcp] = offer.clientPort ?? [0, 0]
    // Media of an encrypted connection does not go in the clear.
    return connection.address.secure !== true && rtp > 0 && rtcp > 0
  })
}

/** Presentation and track of the URL: those of the session or the last DESCRIBE, else the handler is asked. */
async function locate(
  connection: ServerConnection,
  request: RtspRequest,
  existing: ServerSession | undefined,
): Promise<SetupTarget | Refusal> {
  const known = existing ?? connection.described
  // The URL of a track, or the presentation's own where it has but one.
  for (const base of [parentOf(request.uri), baseOf(request.uri)]) {
    const target = parseTarget(base)
    if (!target || known?.target.path !== target.path) continue
    const index = trackOf(request.uri, base, known.hold)
    if (index >= 0) return { hold: known.hold, target: known.target, base, index }
  }
  if (existing) return { status: 404, reason: 'No Such Track' }
  const base = parentOf(request.uri)
  const target = parseTarget(base)
  if (!target) return { status: 404, reason: 'Not Found' }
  const hold = await describe(connection, target)
  if (isRefusal(hold)) return hold
  const index = trackOf(request.uri, base, hold)
  return index < 0 ? { status: 404, reason: 'No Such Track' } : { hold, target, base, index }
}

function trackOf(uri: string, base: string, hold: PresentationHold): number {
  const { controls } = hold.content
  if (base === baseOf(uri)) return controls.length === 1 ? 0 : -1
  return controlIndex(uri, controls)
}

function begin(
  connection: ServerConnection,
  request: RtspRequest,
  found: SetupTarget,
  udp: boolean,
): ServerSession | undefined {
  const { server, sessions, visitor } = connection
  if (sessions.size >= server.limits.sessionsPerConnection) return undefined
  const session = new ServerSession({
    id: server.newSessionId(),
    target: found.target,
    base: found.base,
    peer: connection.address.remote,
    visitor,
    userAgent: request.headers
      .get('User-Agent')
      ?.replace(/\p{Cc}/gu, ' ')
      .slice(0, 200),
    hold: found.hold.retain(),
    link: udp ? undefined : connection,
    clock: server.options.clock,
    onEnd: (ended, reason) => {
      sessions.delete(ended)
      server.table.remove(ended, reason)
    },
  })
  sessions.add(session)
  server.table.add(session)
  return session
}

async function addTrack(
  connection: ServerConnection,
  session: ServerSession,
  index: number,
  offer: Transport,
): Promise<Transport | Refusal> {
  const { limits, options, udpPorts } = connection.server
  if (index >= limits.tracks) return { status: 453, reason: 'Too Many Tracks' }
  const ssrc = Math.floor(options.random() * 2 ** 32)
  if (offer.lower === 'tcp') {
    const interleaved = freeChannels(connection, offer.interleaved)
    if (!interleaved) return { status: 461, reason: 'No Free Channels' }
    session.setTrack(index, { kind: 'tcp', rtpChannel: interleaved[0], rtcpChannel: interleaved[1], ssrc })
    return transport('tcp', { interleaved, ssrc })
  }
  const [rtpPort, rtcpPort] = offer.clientPort ?? [0, 0]
  try {
    const pair = await UdpPair.open({
      local: connection.address.local.address,
      client: { address: connection.address.remote.address, port: rtpPort },
      rtcpPort,
      ports: udpPorts,
      random: options.random,
      onRtcp: datagram => {
        session.lastHeard = options.clock.monotonic()
        session.receive(2 * index + 1, datagram, 0, datagram.length)
      },
    })
    session.setTrack(index, { kind: 'udp', rtpChannel: 2 * index, rtcpChannel: 2 * index + 1, ssrc }, pair)
    return transport('udp', { clientPort: [rtpPort, rtcpPort], serverPort: [pair.port, pair.port + 1], ssrc })
  } catch (error) {
    options.log.warn({ client: session.peer.address, error: messageOf(error) }, 'RTSP over UDP')
    return { status: 500, reason: 'No UDP Ports' }
  }
}

/** The channels that the client wants, or the first two in a row that no session of the connection has. */
function freeChannels(
  connection: ServerConnection,
  wanted: readonly [number, number] | undefined,
): readonly [number, number] | undefined {
  const free = (rtp: number, rtcp: number) => ![...connection.sessions].some(session => session.usesChannel(rtp, rtcp))
  if (wanted && wanted[0] !== wanted[1] && free(wanted[0], wanted[1])) return wanted
  for (let rtp = 0; rtp < 256; rtp += 2) if (free(rtp, rtp + 1)) return [rtp, rtp + 1]
  return undefined
}
