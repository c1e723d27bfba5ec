import { formatSize } from '../../kernel/units.ts'
import type { ColdStarts } from './cold-start.ts'
import type { LiveBenchReport } from './run-live-bench.ts'
import { coldRatios, loadRatio } from './summary.ts'

type Table = (head: readonly string[], rows: readonly (readonly string[])[]) => string

/** The report as text. `table` draws rows under a head. */
export function renderLiveBench(report: LiveBenchReport, table: Table): string {
  const { cameras, streams, viewers, seconds, coldStarts, load } = report
  const lines = [
    ...cold(
      'Cold start of a sub-stream to the first key frame; the camera has one every 2 s',
      coldStarts.waiting,
      table,
    ),
    ...cold('The same, of a camera that begins with a key frame', coldStarts.atOnce, table),
  ]
  if (load.length === 0) return lines.join('\n').trimEnd()
  lines.push(
    `${cameras} cameras recorded at 4 Mbps, ${streams} sub-streams of 1 Mbps watched by RTSP, the first by ${viewers} viewers; ${seconds} s each.`,
    'CPU in percent of one core, of all processes of the engine; viewers and virtual cameras are beside it.',
    '',
    table(
      [
        'engine',
        'CPU',
        'user',
        'system',
        'RSS',
        'viewers',
        'cameras',
        'connections',
        'frames',
        'missing',
        'reconnects',
      ],
      load.map(result => [
        result.version,
        ...[result.usage.cpu, result.usage.user, result.usage.system].map(percent),
        formatSize(result.usage.rss),
        ...[result.viewersCpu, result.simulatorCpu].map(percent),
        `${result.connections} (${result.connectionsOfStream} a stream)`,
        ...[result.frames, result.missing + result.strange, result.reconnects].map(String),
      ]),
    ),
    '',
    `vmsctl and MediaMTX together take ${loadRatio(load)} of the CPU of MediaMTX alone (medians).`,
  )
  return lines.join('\n')
}

function cold(title: string, starts: readonly ColdStarts[], table: Table): string[] {
  const ratios = coldRatios(starts)
  if (!ratios) return []
  const rows = starts.map(each => [
    each.engine,
    String(each.starts),
    ...[each.p50, each.mean, each.p95].map(value => `${value} ms`),
  ])
  return [
    `${title}.`,
    '',
    table(['engine', 'starts', 'p50', 'mean', 'p95'], rows),
    '',
    `vmsctl takes ${ratios.coldMedian} of the time of MediaMTX alone (medians; means ${ratios.coldMean}).`,
    '',
  ]
}

function percent(value: number): string {
  return `${value} %`
}
