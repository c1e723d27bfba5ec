import { formatBitRate, formatDuration } from '../kernel/units.ts'
import type { KeepResult, StartResult, StopResult, StreamReport } from '../streaming/index.ts'
import { renderColumns } from './columns.ts'
import { people, plain, protocolName, sayWhy, streamName } from './live-words.ts'
import type { Palette } from './palette.ts'
import { formatTime } from './status-view.ts'

/** `vmsctl stream start`: where to watch, and until when it counts. */
export function renderStarted({ stream, user, until, running, took, note }: StartResult, palette: Palette): string {
  const how = running ? 'plays already' : `plays after ${formatDuration(took)}`
  const lines = [
    `${palette.good(`${streamName(stream)} ${how}.`)} ${plain(user)} counts as a viewer until ${formatTime(until)}.`,
  ]
  if (note !== null) lines.push(palette.warning(`! Not the first choice: ${note}.`))
  return [...lines, renderUrls(stream)].join('\n')
}

/** `vmsctl stream stop`: whether the stream goes on, and for whom. */
export function renderStopped(camera: string, { user, released, streams }: StopResult): string {
  const who = released > 0 ? `${plain(user)} watches ${camera} no more.` : `${plain(user)} had not asked for ${camera}.`
  if (streams.length === 0) return who
  return [who, ...streams.map(stream => `${streamName(stream)} is ${stream.state}: ${sayWhy(stream.why)}.`)].join('\n')
}

/** `vmsctl stream keep`. */
export function renderKept({ stream, changed }: KeepResult, off: boolean): string {
  const name = streamName(stream)
  if (!off) return `${name} is ${sayWhy(stream.why.filter(({ kind }) => kind === 'keep'))}.`
  return changed ? `${name} is kept up no more; it ends when nobody watches.` : `${name} was not kept up.`
}

/** `vmsctl stream list`: the answer first, then a line for each. */
export function renderStreams(streams: readonly StreamReport[], now: number, palette: Palette): string {
  if (streams.length === 0) return 'Nothing is watched, and no stream is up.'
  const up = streams.filter(({ state }) => state === 'running' || state === 'lingering').length
  const sum = (of: (stream: StreamReport) => number | null) =>
    streams.reduce((total, each) => total + (of(each) ?? 0), 0)
  const figures = rates(
    sum(({ bitrateIn }) => bitrateIn),
    sum(({ bitrateOut }) => bitrateOut),
  )
  const head = `${up} ${up === 1 ? 'stream is' : 'streams are'} up for ${people(sum(({ viewers }) => viewers))}${figures}.`
  const rows = streams.map(stream => [
    streamName(stream),
    paintState(stream, palette),
    stream.since === null ? '' : formatDuration(Math.max(0, now - stream.since)),
    stream.viewers > 0 ? String(stream.viewers) : '',
    rate(stream.bitrateIn),
    rate(stream.bitrateOut),
    stream.reason ?? sayWhy(stream.why),
  ])
  return [head, renderColumns(['stream', 'state', 'for', 'viewers', 'in', 'out', 'why'], rows, palette)].join('\n')
}

/** `vmsctl stream status CAMERA`: each of its streams with all its reasons, and where it is to be had. */
export function renderStreamStatus(streams: readonly StreamReport[], now: number, palette: Palette): string {
  return streams.map(stream => describe(stream, now, palette)).join('\n\n')
}

function describe(stream: StreamReport, now: number, palette: Palette): string {
  const { since, reason, why, viewers, bitrateIn, bitrateOut } = stream
  const age = since === null ? '' : ` for ${formatDuration(Math.max(0, now - since))}`
  const lines = [
    `${streamName(stream)} is ${paintState(stream, palette)}${age}: ${people(viewers)}${rates(bitrateIn, bitrateOut)}.`,
  ]
  if (reason !== null) lines.push(palette.bad(`  ${reason}`))
  for (const each of why) lines.push(`  ${sayWhy([each])}`)
  lines.push(renderUrls(stream))
  return lines.filter(line => line !== '').join('\n')
}

/** `, 1 Mbps in, 2 Mbps out`, as far as they are measured. */
function rates(received: number | null, sent: number): string {
  const parts = [
    { figure: rate(received), way: 'in' },
    { figure: rate(sent), way: 'out' },
  ]
  return parts.map(({ figure, way }) => (figure === '' ? '' : `, ${figure} ${way}`)).join('')
}

/** Nothing where none is measured yet. */
function rate(bitsPerSecond: number | null): string {
  return bitsPerSecond === null || bitsPerSecond === 0 ? '' : formatBitRate(bitsPerSecond)
}

function renderUrls({ urls }: StreamReport): string {
  return urls
    .map(
      ({ protocol, by, url }) =>
        `  ${protocolName(protocol).padEnd(6)}  ${url}${by === 'mediamtx' ? '  (MediaMTX)' : ''}`,
    )
    .join('\n')
}

function paintState({ state }: StreamReport, palette: Palette): string {
  const paint = { running: palette.good, lingering: palette.good, failed: palette.bad, idle: palette.dim }
  return (paint[state as keyof typeof paint] ?? palette.warning)(state)
}
