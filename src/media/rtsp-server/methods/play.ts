import { type RtpInfo, type RtspRequest, serializeRtpInfo } from '../../../wire/rtsp/index.ts'
import { findSession, sessionHeader } from '../find-session.ts'
import { isRefusal, refuse, reply } from '../reply.ts'
import type { ServerConnection } from '../server-connection.ts'
import type { ServerSession } from '../server-session.ts'
import type { Player } from '../types.ts'

/** PLAY (RFC 2326 section 10.5). On a session that plays already it changes nothing: some clients keep alive with it. */
export function answerPlay(connection: ServerConnection, request: RtspRequest): void {
  const session = findSession(connection, request)
  if (!session) return reply(connection, request, 454)
  if (session.player) return reply(connection, request, 200, { headers: [sessionHeader(connection, session)] })
  const player = session.hold.content.play(session)
  if (isRefusal(player)) return refuse(connection, request, player)
  session.player = player
  const { clock, log } = connection.server.options
  log.info({ client: session.peer.address, path: session.target.path, udp: session.udp }, 'RTSP session plays')
  reply(connection, request, 200, {
    headers: [
      sessionHeader(connection, session),
      ['Range', player.range],
      ['RTP-Info', serializeRtpInfo(infos(session, player))],
    ],
  })
  // Not at once a report: there is nothing to report before the first packets; the next sweep sends one.
  session.lastReport = clock.monotonic() - FIRST_REPORT_BEFORE
  player.start()
}

/** Makes the first sender report fall one second after PLAY: players line up sound and picture by it. */
const FIRST_REPORT_BEFORE = 4_000

function infos(session: ServerSession, player: Player): RtpInfo[] {
  const { controls } = session.hold.content
  return session.tracks.flatMap((track, index) => {
    if (!track) return []
    const start = player.starts[index]
    return [{ url: `${session.base}/${controls[index]}`, sequence: start?.sequence, timestamp: start?.timestamp }]
  })
}

/** PAUSE (RFC 2326 section 10.6). */
export function answerPause(connection: ServerConnection, request: RtspRequest): void {
  const session = findSession(connection, request)
  if (!session) return reply(connection, request, 454)
  session.pause()
  reply(connection, request, 200, { headers: [sessionHeader(connection, session)] })
}

/** TEARDOWN (RFC 2326 section 10.7); the connection stays open for what the client does next. */
export function answerTeardown(connection: ServerConnection, request: RtspRequest): void {
  const session = findSession(connection, request)
  if (!session) return reply(connection, request, 454)
  session.end('client tears down')
  reply(connection, request, 200)
}
