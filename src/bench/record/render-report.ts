import { formatBitRate, formatSize } from '../../kernel/units.ts'
import type { RecordBenchReport } from './run-record-bench.ts'

/** The report as text: what was run, a row for each engine, our ratios. `table` draws rows under a head. */
export function renderRecordBench(
  report: RecordBenchReport,
  table: (head: readonly string[], rows: readonly (readonly string[])[]) => string,
): string {
  const { cameras, bitrate, rounds, seconds, machine } = report
  const total = formatBitRate(cameras * bitrate)
  const again = rounds === 1 ? '' : `; means of ${rounds} rounds, every other one in reverse order`
  const lines = [
    `${cameras} cameras at ${formatBitRate(bitrate)} (${total}), ${seconds} s measured for each engine, one after the other${again}.`,
    `${machine.cores} cores of ${machine.cpu.trim()}, ${formatSize(machine.memory)} of memory. CPU in percent of one core.`,
    '',
    table(
      ['engine', 'CPU', 'user', 'system', 'RSS', 'RSS max', 'PSS', 'processes', 'on disk', 'frames', 'lost'],
      report.results.map(({ version, usage, bytes, frames, framesLost, camerasWithout }) => [
        version,
        `${usage.cpu} %`,
        `${usage.user} %`,
        `${usage.system} %`,
        formatSize(usage.rss),
        formatSize(usage.rssMax),
        usage.pss === null ? '?' : formatSize(usage.pss),
        String(usage.processes),
        formatSize(bytes),
        String(frames),
        camerasWithout === 0 ? String(framesLost) : `${framesLost}, and ${camerasWithout} whole cameras`,
      ]),
    ),
  ]
  for (const { against, cpu, rss, pss } of report.ratios) {
    const memory = pss === null ? `${rss} of its RSS` : `${rss} of its RSS, ${pss} of its PSS`
    lines.push('', `Against ${against}: vmsctl takes ${cpu} of its CPU, ${memory}.`)
  }
  const load = report.simulator.map(({ engine, cpu }) => `${cpu} % (${engine})`).join(', ')
  lines.push('', `The virtual cameras took ${load} of a core beside it.`)
  return lines.join('\n')
}
