import type { CameraReport, RelayReport, SiteStatus, SiteSummary, WorkerReport } from '../daemon/types.ts'
import { formatBitRate, formatDuration, formatSize } from '../kernel/units.ts'
import type { StreamStatus } from '../media/worker/protocol.ts'
import { BY_SCHEDULE } from '../state/wish.ts'
import { renderColumns } from './columns.ts'
import type { Palette } from './palette.ts'

/** The whole of `vmsctl status`: the answer, the cameras, what is wrong besides, and where the rest is. */
export function renderStatus(status: SiteStatus, palette: Palette): string {
  const { cameras, omitted } = status
  const parts = [answer(status.summary, palette)]
  for (const note of troubles(status)) parts.push(palette.warning(`! ${note}`))
  if (cameras.length > 0)
    parts.push(
      renderColumns(
        HEAD,
        cameras.map(camera => cameraRow(camera, palette)),
        palette,
      ),
    )
  if (omitted > 0) parts.push(palette.dim(rest(status)))
  return parts.join('\n')
}

/** `(3 more are ok, 2 are off: --all)`: what the short form leaves out is never in trouble. */
function rest({ cameras, omitted, summary }: SiteStatus): string {
  const shown = cameras.filter(camera => camera.health === 'off')
  const off = summary.off - shown.length
  const outside = summary.outsideSchedule - shown.filter(camera => camera.wish.by === BY_SCHEDULE).length
  const ok = omitted - off
  const parts = [
    { number: ok, what: 'ok' },
    { number: off - outside, what: 'switched off' },
    { number: outside, what: 'outside of their schedule' },
  ].filter(({ number }) => number > 0)
  const said = parts.map(({ number, what }, index) => {
    const text = number === 1 ? what.replace('their', 'its') : what
    return `${number} ${index === 0 ? 'more ' : ''}${number === 1 ? 'is' : 'are'} ${text}`
  })
  return `(${said.join(', ')}: --all)`
}

/** `199 of 200 cameras are recording as they should. 812 Mbps in, 29.6 days of headroom, 41 sub-streams for 57 viewers.` */
export function answer(summary: SiteSummary, palette: Palette): string {
  const { cameras, wanted, ok, starting, bad, off, outsideSchedule: outside } = summary
  const switchedOff = off - outside
  if (cameras === 0) return 'No cameras are configured.'
  if (wanted === 0) {
    const why = [
      switchedOff > 0 ? `${switchedOff} of ${cameras} cameras are switched off` : '',
      outside > 0 ? `${outside} of ${cameras} cameras are outside of their schedule` : '',
    ]
    return `Nothing is to be recorded: ${why.filter(text => text !== '').join(', ')}.`
  }
  const more = [
    starting > 0 ? `${starting} ${starting === 1 ? 'is' : 'are'} starting` : '',
    switchedOff > 0 ? `${switchedOff} ${switchedOff === 1 ? 'is' : 'are'} switched off` : '',
    outside === 1 ? '1 is outside of its schedule' : outside > 0 ? `${outside} are outside of their schedule` : '',
  ]
  const said = [
    `${ok} of ${wanted} ${wanted === 1 ? 'camera is recording as it should' : 'cameras are recording as they should'}`,
    ...more.filter(text => text !== ''),
  ].join(', ')
  const paint = bad > 0 ? palette.bad : starting > 0 ? palette.warning : palette.good
  const figures = [`${formatBitRate(summary.bitrate)} in`]
  if (summary.headroom !== null) figures.push(`${headroom(summary.headroom)} of headroom`)
  if (summary.subStreams > 0)
    figures.push(`${count(summary.subStreams, 'sub-stream')} for ${count(summary.viewers, 'viewer')}`)
  return `${paint(`${said}.`)} ${figures.join(', ')}.`
}

const HEAD = ['camera', 'state', 'main', 'sub', 'key frame', 'on disk', 'lost 24 h', 'note']

const WORDS = { ok: 'ok', starting: 'starting', bad: 'down', off: 'off' } as const

function cameraRow(camera: CameraReport, palette: Palette): string[] {
  const { id, health, main, recording } = camera
  const paint = { ok: palette.good, starting: palette.warning, bad: palette.bad, off: palette.dim }[health]
  return [
    id,
    paint(WORDS[health]),
    describeStream(main),
    describeViewers(camera),
    main?.keyFrameAge === null || main?.keyFrameAge === undefined || main.state !== 'playing'
      ? ''
      : `${formatDuration(main.keyFrameAge)} ago`,
    camera.bytesOnDisk > 0 ? formatSize(camera.bytesOnDisk) : '',
    describeLost(camera.lost),
    [noteOf(camera), recording?.fallback, ...(main?.notes ?? [])].filter(Boolean).join('; '),
  ]
}

/** People who watch; else how a sub-stream is that is up all the same: it lingers, or is kept warm, or is in trouble. */
function describeViewers({ viewers, sub }: CameraReport): string {
  if (viewers > 0) return count(viewers, 'viewer')
  if (sub === null || sub.state === 'idle') return ''
  return sub.reason ?? (sub.state === 'playing' ? 'up' : sub.state)
}

/** `H.264 1920x1080 25 fps 4.1 Mbps, GOP 2 s`, as far as it is known. */
export function describeStream(stream: StreamStatus | null): string {
  if (stream === null || stream.state !== 'playing') return ''
  const { codec, width, height, fps, bitrate, gop, audio } = stream
  const parts = [
    codecName(codec),
    width !== null && height !== null ? `${width}x${height}` : '',
    fps === null ? '' : `${Number(fps.toFixed(fps < 10 ? 1 : 0))} fps`,
    bitrate === null ? '' : formatBitRate(bitrate),
    gop === null ? '' : `GOP ${formatDuration(gop)}`,
    audio === null ? '' : `+ ${codecName(audio)}`,
  ]
  return parts.filter(part => part !== '').join(' ')
}

function codecName(codec: string | null): string {
  return codec === null
    ? ''
    : ({ h264: 'H.264', h265: 'H.265', aac: 'AAC', pcmu: 'PCMU', pcma: 'PCMA' }[codec] ?? codec)
}

function noteOf(camera: CameraReport): string {
  const { health, reason, wish, main } = camera
  if (health === 'off')
    return (
      reason ?? (wish.at === null ? 'not recorded by configuration' : `stopped by ${wish.by}, ${formatTime(wish.at)}`)
    )
  if (reason === null) return ''
  const retry =
    main?.state === 'backing-off' && main.retryIn !== null ? `; retry in ${formatDuration(main.retryIn)}` : ''
  return health === 'bad' && main !== null && main.state !== 'playing'
    ? `${reason} since ${formatTime(main.since)}${retry}`
    : `${reason}${retry}`
}

/** `18 s (refused)`; the reasons by weight. */
function describeLost(lost: CameraReport['lost']): string {
  const reasons = Object.entries(lost).filter(([, seconds]) => seconds > 0)
  if (reasons.length === 0) return ''
  const total = reasons.reduce((sum, [, seconds]) => sum + seconds, 0)
  const [first] = reasons.sort((a, b) => b[1] - a[1])
  const more = reasons.length > 1 ? ` and ${reasons.length - 1} more` : ''
  return `${formatDuration(total * 1000)} (${first![0]}${more})`
}

function troubles(status: SiteStatus): string[] {
  return [
    ...status.notes,
    ...status.workers.flatMap(worker =>
      worker.trouble === null ? [] : [`media worker ${worker.slot}: ${worker.trouble}`],
    ),
    // All workers listen on one address, and mostly fail alike.
    ...new Set(
      status.workers.flatMap(worker =>
        worker.gatewayTrouble === null ? [] : [`no viewer can join: gateway ${worker.gatewayTrouble}`],
      ),
    ),
    ...new Set(
      status.workers.flatMap(worker =>
        worker.viewingTrouble ? [`no browser can join: HLS and watch page ${worker.viewingTrouble}`] : [],
      ),
    ),
  ]
}

/** One line a worker, for `daemon status`. */
export function renderWorkers(workers: readonly WorkerReport[], now: number, palette: Palette): string {
  const rows = workers.map(worker => [
    String(worker.slot),
    worker.pid === null ? '-' : String(worker.pid),
    worker.version ?? '',
    worker.startedAt === null ? '' : formatDuration(now - worker.startedAt),
    String(worker.cameras),
    worker.restarts > 0 ? String(worker.restarts) : '',
    worker.memory === null ? '' : formatSize(worker.memory.used),
    worker.gatewayTrouble === null ? (worker.gateway ?? '') : palette.bad(worker.gatewayTrouble),
    worker.viewingTrouble ? palette.bad(worker.viewingTrouble) : (worker.viewing ?? ''),
    worker.trouble === null ? '' : palette.bad(worker.trouble),
  ])
  return renderColumns(
    ['worker', 'pid', 'version', 'up', 'cameras', 'restarts', 'frames held', 'gateway', 'HLS and page', 'note'],
    rows,
    palette,
  )
}

const RELAY_STATES: Readonly<Record<RelayReport['state'], string>> = {
  missing: 'does not run',
  stopped: 'does not run',
  starting: 'is starting',
  running: 'runs',
  waiting: 'does not run',
}

/** MediaMTX on one line, for `daemon status`: `MediaMTX 1.20.1 runs for 5 min: pid 411, rtsp 127.0.0.1:8554`. Why it does not is a note. */
export function renderRelay(relay: RelayReport, now: number): string {
  const { state, version, pid, since, restarts, doors, attached, notes } = relay
  const name = version === null ? 'MediaMTX' : `MediaMTX ${version}`
  const where = attached === null ? '' : ` at ${attached}`
  const long = state === 'running' && since !== null ? ` for ${formatDuration(Math.max(0, now - since))}` : ''
  const facts = [
    pid === null ? '' : `pid ${pid}`,
    ...Object.entries(doors).map(([protocol, door]) => (door === null ? '' : `${protocol} ${door}`)),
    restarts > 0 ? count(restarts, 'restart') : '',
    ...notes,
  ].filter(fact => fact !== '')
  return `${name}${where} ${RELAY_STATES[state]}${long}${facts.length > 0 ? `: ${facts.join(', ')}` : ''}.`
}

function headroom(milliseconds: number): string {
  const days = milliseconds / 86_400_000
  return days >= 2 ? `${Number(days.toFixed(1))} days` : formatDuration(milliseconds)
}

function count(number: number, one: string): string {
  return `${number} ${one}${number === 1 ? '' : 's'}`
}

/** `14:02:07`, with the date when it is not today's; local time. */
export function formatTime(wall: number, now = new Date()): string {
  const time = new Date(wall)
  const pad = (value: number) => String(value).padStart(2, '0')
  const clock = `${pad(time.getHours())}:${pad(time.getMinutes())}:${pad(time.getSeconds())}`
  return time.toDateString() === now.toDateString()
    ? clock
    : `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())} ${clock}`
}
