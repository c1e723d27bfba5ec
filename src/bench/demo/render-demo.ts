import { relative } from 'node:path'
import { formatDuration, formatSize } from '../../kernel/units.ts'
import { length } from './judge.ts'
import type { DemoFault, DemoGap, DemoReport } from './types.ts'

const NAMES: Readonly<Record<DemoFault['kind'], string>> = {
  'daemon-killed': 'daemon killed',
  'worker-killed': 'media worker killed',
  'camera-rebooted': 'camera rebooted',
}

/** Gaps of a fault that are listed one by one. */
const GAPS_SHOWN = 12

type Table = (head: readonly string[], rows: readonly (readonly string[])[]) => string

/** The report as text: the answer, each camera, each fault, what it cost, and how to look at it. `cwd` shortens paths. */
export function renderDemo(report: DemoReport, table: Table, cwd: string): string {
  const { cameras, broken } = report
  const parts = [report.answer]
  if (broken.length > 1) parts.push(broken.map(sentence => `! ${sentence}`).join('\n'))
  parts.push(
    withoutEmpty(
      table,
      ['camera', 'frames sent', 'on disk', 'missing', 'why'],
      cameras.map(camera => [
        camera.id,
        camera.sent === null ? '' : String(camera.sent),
        String(camera.onDisk),
        camera.missing === null ? '' : String(camera.missing),
        camera.gaps.map(whyOf).join('; '),
      ]),
    ),
    withoutEmpty(
      table,
      ['fault', 'camera', 'footage lost', 'gap', 'connected again', 'then key frame'],
      faultRows(report),
    ),
    ending(report, cwd),
  )
  return parts.join('\n\n')
}

function whyOf(gap: DemoGap): string {
  const lost = gap.framesLost === 0 ? '' : ` (${describeLost(gap)})`
  return gap.fault === null ? `unexplained${lost}` : `${NAMES[gap.fault]}${lost}`
}

function describeLost({ framesLost, footageLost }: DemoGap): string {
  if (framesLost === null) return footageLost === 0 ? '?' : `about ${formatDuration(footageLost)}`
  return framesLost === 0 ? 'none' : `${framesLost} frames, ${formatDuration(footageLost)}`
}

function faultRows({ faults, cameras }: DemoReport): string[][] {
  const rows: string[][] = []
  const all = cameras.flatMap(camera => camera.gaps)
  for (const { kind } of faults) {
    const gaps = all.filter(gap => gap.fault === kind)
    if (gaps.length === 0) rows.push([NAMES[kind], 'all', 'none', 'none', '', ''])
    for (const gap of gaps.slice(0, GAPS_SHOWN)) rows.push(gapRow(NAMES[kind], gap))
    if (gaps.length > GAPS_SHOWN) rows.push([NAMES[kind], `${gaps.length - GAPS_SHOWN} more`, '', '', '', ''])
  }
  for (const gap of all.filter(({ fault }) => fault === null).slice(0, GAPS_SHOWN))
    rows.push(gapRow('unexplained', gap))
  return rows
}

function gapRow(name: string, gap: DemoGap): string[] {
  const { camera, reconnect, keyFrameWait } = gap
  return [
    name,
    camera,
    describeLost(gap),
    length(gap) === 0 ? '-' : formatDuration(length(gap)),
    reconnect === null ? '' : `after ${formatDuration(reconnect)}`,
    keyFrameWait === null ? '' : `${formatDuration(keyFrameWait)} later`,
  ]
}

function ending(report: DemoReport, cwd: string): string {
  const { viewer, usage, recordings, duration, play, logs } = report
  const { all, workers, simulator } = usage
  const memory = (rss: number, pss: number | null) =>
    pss === null ? `${formatSize(rss)} of memory (RSS)` : `${formatSize(pss)} of memory (PSS; RSS ${formatSize(rss)})`
  const directory = shown(recordings.directory, cwd)
  const lines = [
    `Viewer through the gateway: first key frame after ${range(viewer.joins)}; the one that stayed got ${viewer.frames} frames, longest wait ${formatDuration(viewer.longestPause)}${viewer.reconnects === 0 ? '' : `, connected again ${viewer.reconnects === 1 ? 'once' : `${viewer.reconnects} times`}`}.`,
    `CPU and memory over ${formatDuration(duration)}, kills and restarts included: ${all.cpu} % of one core, ${memory(all.rss, all.pss)}; of it the media workers ${workers.cpu} %, ${memory(workers.rss, workers.pss)}.`,
  ]
  if (simulator) lines.push(`The virtual cameras took ${simulator.cpu} % of a core beside that.`)
  lines.push('', `Recordings: ${directory} (${recordings.files} files, ${formatSize(recordings.bytes)})`)
  if (play !== null)
    lines.push(`Play one:   ffplay ${quoted(shown(play, cwd))}    (mpv, vlc and any browser play it too)`)
  if (logs !== null) lines.push(`Logs:       ${shown(logs, cwd)}`)
  lines.push(`Delete:     rm -r ${quoted(directory)}`)
  return lines.join('\n')
}

/** `31 ms`, or `24 to 40 ms (8 viewers)`. */
function range(values: readonly number[]): string {
  if (values.length === 0) return '?'
  const [least, most] = [Math.min(...values), Math.max(...values)].map(Math.round)
  return values.length === 1 ? `${most} ms` : `${least} to ${most} ms (one on each of ${values.length} cameras)`
}

/** The table without the columns that have nothing in them: of real cameras less is known. */
function withoutEmpty(table: Table, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const kept = head.map((_, column) => column).filter(column => rows.some(row => row[column] !== ''))
  const pick = (row: readonly string[]) => kept.map(column => row[column]!)
  return table(pick(head), rows.map(pick))
}

/** A path as the shorter of relative and absolute. */
function shown(path: string, cwd: string): string {
  const short = relative(cwd, path)
  return short.startsWith('..') || short === '' ? path : short
}

function quoted(path: string): string {
  return /^[\w./@%+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
