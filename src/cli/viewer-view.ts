import { formatBitRate, formatDuration, formatSize } from '../kernel/units.ts'
import type { ConnectResult, DisconnectResult, ViewerReport, Viewing } from '../streaming/index.ts'
import { renderColumns } from './columns.ts'
import { people, plain, protocolName, streamName } from './live-words.ts'
import type { Palette } from './palette.ts'
import { formatTime } from './status-view.ts'

/** `vmsctl viewer list`: how many people, then a line for each connection. */
export function renderViewers(viewers: readonly ViewerReport[], now: number, palette: Palette): string {
  if (viewers.length === 0) return 'Nobody watches.'
  const sent = viewers.reduce((sum, { bitrate }) => sum + bitrate, 0)
  const head = `${people(new Set(viewers.map(({ user }) => user)).size)}, ${formatBitRate(sent)} out.`
  const rows = viewers.map(viewer => [
    plain(viewer.user),
    streamName(viewer),
    viewer.protocol === null ? '' : protocolName(viewer.protocol),
    viewer.state === 'watching' ? formatDuration(Math.max(0, now - viewer.since)) : expected(viewer),
    viewer.bytes > 0 ? formatSize(viewer.bytes) : '',
    viewer.bitrate > 0 ? formatBitRate(viewer.bitrate) : '',
    viewer.address ?? '',
    plain(viewer.client ?? ''),
    viewer.connection ?? viewer.id,
  ])
  const columns = ['user', 'stream', 'protocol', 'watching', 'sent', 'rate', 'from', 'client', 'id']
  return [head, renderColumns(columns, rows, palette)].join('\n')
}

function expected({ until }: ViewerReport): string {
  return until === null ? 'expected' : `expected until ${formatTime(until)}`
}

/** `vmsctl viewer connect`. The token is shown: whoever asked for it needs it. */
export function renderConnection(connection: ConnectResult): string {
  const { id, user, protocol, url, token, expires, until, iceServers, note } = connection
  const lines = [
    `${plain(user)} may watch ${streamName(connection)} by ${protocolName(protocol)} until ${formatTime(expires)}; it is waited for until ${formatTime(until)}.`,
    `  id     ${id}`,
    `  url    ${url}`,
  ]
  if (!url.includes(token)) lines.push(`  token  ${token}`)
  for (const { urls } of iceServers) lines.push(`  ice    ${urls}`)
  if (note !== null) lines.push(`  note   ${note}`)
  return lines.join('\n')
}

/** `vmsctl viewer disconnect`. */
export function renderDisconnected(id: string, { ended, revoked }: DisconnectResult): string {
  const sessions = ended === 0 ? 'nothing was connected' : `${ended} ${ended === 1 ? 'session' : 'sessions'} ended`
  return `${id}: ${sessions}${revoked ? ', and its token is taken back' : ''}.`
}

/** `vmsctl viewer history`. */
export function renderHistory(viewings: readonly Viewing[], limit: number, palette: Palette): string {
  if (viewings.length === 0) return 'Nobody watched in that time.'
  const rows = viewings.map(viewing => [
    formatTime(viewing.started),
    viewing.ended === null ? 'watches' : formatDuration(Math.max(0, viewing.ended - viewing.started)),
    plain(viewing.user),
    streamName(viewing),
    protocolName(viewing.protocol),
    viewing.bytes > 0 ? formatSize(viewing.bytes) : '',
    viewing.address,
    plain(viewing.client ?? ''),
    plain(viewing.how ?? ''),
  ])
  const columns = ['from', 'for', 'user', 'stream', 'protocol', 'sent', 'address', 'client', 'ended']
  const table = renderColumns(columns, rows, palette)
  return viewings.length < limit ? table : `${table}\n${palette.dim(`(the newest ${limit}: --limit, --from, --to)`)}`
}
