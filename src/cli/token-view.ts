import { EVERY_CAMERA, type IssuedToken, type TokenRecord } from '../access/index.ts'
import { formatInstant } from '../kernel/instant.ts'
import { renderColumns } from './columns.ts'
import { holds, type KeyReport } from './token-site.ts'

/** What is said of a new token besides its text. */
export function describeIssued({ id, user, cameras, expires }: IssuedToken, timezone: string): string {
  return `Token ${id} of ${user} for ${nameCameras(cameras)}, until ${formatInstant(expires, timezone)}. It is shown only here.`
}

/** `vmsctl token list`. */
export function renderTokens(tokens: readonly TokenRecord[], now: number, timezone: string): string {
  if (tokens.length === 0) return 'No tokens that hold.'
  const rows = tokens.map(token => [
    token.id,
    token.user,
    nameCameras(token.cameras),
    formatInstant(token.expires, timezone),
    stateOf(token, now, timezone),
    token.by,
    token.note ?? '',
  ])
  return renderColumns(['id', 'user', 'cameras', 'until', 'state', 'by', 'note'], rows)
}

/** `vmsctl token revoke`. */
export function describeRevoked(tokens: readonly TokenRecord[]): string {
  return tokens
    .map(({ id, user, cameras }) => `Token ${id} of ${user} for ${nameCameras(cameras)} is revoked.`)
    .join('\n')
}

/** `vmsctl token keys`. */
export function renderKeys(keys: readonly KeyReport[], timezone: string): string {
  if (keys.length === 0) return 'No keys yet: the first token makes one.'
  const rows = keys.map(({ id, created, signs, tokens, until }) => [
    id,
    formatInstant(created, timezone),
    signs ? 'signs' : `checks until ${formatInstant(until ?? created, timezone)}`,
    String(tokens),
  ])
  return renderColumns(['key', 'made', 'use', 'tokens that hold'], rows)
}

function stateOf(token: TokenRecord, now: number, timezone: string): string {
  const { revoked } = token
  if (revoked) return `revoked ${formatInstant(revoked.at, timezone)} by ${revoked.by}`
  return holds(token, now) ? '' : 'expired'
}

/** A few by name, many by number. */
function nameCameras(cameras: readonly string[]): string {
  if (cameras.includes(EVERY_CAMERA)) return 'every camera'
  return cameras.length <= 3 ? cameras.join(', ') : `${cameras[0]} and ${cameras.length - 1} more`
}
