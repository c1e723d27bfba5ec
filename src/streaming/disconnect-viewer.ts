import { VmsError } from '../kernel/errors.ts'
import type { Logger } from '../kernel/log.ts'
import type { LiveControl } from './live-control.ts'
import type { DisconnectResult } from './requests.ts'
import type { TokenMaker } from './token-maker.ts'
import { sessionKey } from './viewers/watching.ts'

/** Ends what `id` names: a session, or all that came of a connect. Rejects with VMS_E_VIEWER_NOT_FOUND. */
export async function disconnectViewer(
  { control, tokens, log }: { control: LiveControl; tokens: TokenMaker; log: Logger },
  id: string,
  by: string,
): Promise<DisconnectResult> {
  const watching = [...control.watching().values()]
  const own = watching.find(({ session }) => session.id === id)
  const lease = control.leases.get(id) ?? control.leases.ofToken(own?.session.token ?? null)
  const meant = watching.filter(each => each === own || (lease?.token && each.session.token === lease.token))
  if (meant.length === 0 && !lease)
    throw new VmsError('VMS_E_VIEWER_NOT_FOUND', `no viewer has the id "${id.slice(0, 64)}"`)
  const reason = `disconnected by ${by}`
  for (const each of meant) control.log.note(sessionKey(each), reason)
  // First the token, so that nobody is back before the door is shut.
  if (lease?.token) await tokens.revoke(lease.token, by)
  for (const { source, session } of meant) await source.end(session.id, reason)
  if (lease) control.dropLeases([lease])
  await control.look()
  // Taking the token back may have ended them before we did; what counts is who is there.
  const there = control.watching()
  const ended = meant.filter(each => !there.has(sessionKey(each))).length
  log.info({ id, by, sessions: ended }, 'viewer disconnected')
  return { ended, revoked: Boolean(lease?.token) }
}
