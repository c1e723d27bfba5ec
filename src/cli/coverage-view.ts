import { formatLocal } from '../kernel/instant.ts'
import { formatDuration } from '../kernel/units.ts'
import {
  type CoverageKind,
  type CoverageReport,
  cellState,
  coverageAnswer,
  coverageCells,
  describeGap,
  formatPercent,
  longestGaps,
} from '../recording/coverage/index.ts'
import type { CoveragePiece, Interval } from '../recording/types.ts'
import { renderColumns } from './columns.ts'
import type { Palette } from './palette.ts'

/** Gaps that are listed; the reports have all. */
const LISTED = 10
/** Columns of a strip where nobody says how wide the output is, and at least. */
const WIDTH = 80
const LEAST = 24
const PERCENT_WIDTH = 8

/** How a terminal shows the account: the colours, its width, and whether it knows more than ASCII. */
export interface CoverageScreen {
  readonly palette: Palette
  readonly columns: number | undefined
  readonly blocks: boolean
}

/** The whole of `vmsctl archive coverage`: the answer, a strip for each camera, the longest gaps, and where the rest is. */
export function renderCoverage(report: CoverageReport, screen: CoverageScreen): string {
  const { span, timezone, cameras } = report
  const { palette } = screen
  const lacking = cameras.some(({ recorded, wanted }) => recorded < wanted)
  const answer = coverageAnswer(report)
  const period = `${formatLocal(span.start, timezone)} to ${formatLocal(span.end, timezone)} ${timezone}`
  const names = Math.max(...cameras.map(({ camera }) => camera.length))
  const width = Math.max(LEAST, (screen.columns || WIDTH) - names - PERCENT_WIDTH - 5)
  const strips = cameras.map(({ camera, percent, pieces }) =>
    [camera.padEnd(names), formatPercent(percent).padStart(PERCENT_WIDTH), strip(pieces, span, width, screen)]
      .join('  ')
      .trimEnd(),
  )
  const parts = [lacking ? palette.bad(answer) : palette.good(answer), palette.dim(period), ...strips, legend(screen)]
  return [...parts, ...gaps(report, palette)].join('\n')
}

function strip(
  pieces: readonly CoveragePiece[],
  span: Interval,
  width: number,
  { palette, blocks }: CoverageScreen,
): string {
  const edges = Array.from({ length: width + 1 }, (_, i) => span.start + ((span.end - span.start) * i) / width)
  const cells = coverageCells(pieces, edges).map(cellState)
  let text = ''
  // One colour for each run of cells, not for each cell.
  for (let from = 0, to = 0; from < cells.length; from = to) {
    const { kind } = cells[from]!
    let run = ''
    for (; to < cells.length && cells[to]!.kind === kind; to++) {
      if (kind === 'nothing') run += ' '
      else run += blocks ? block(kind, cells[to]!.share) : mark(kind, cells[to]!.share)
    }
    text += kind === 'nothing' ? run : paint(kind, palette)(run)
  }
  return text
}

function block(kind: CoverageKind, share: number): string {
  if (kind === 'recorded') return '█'
  if (kind === 'off') return '·'
  if (kind === 'expired') return '×'
  return share === 0 ? '_' : '▁▂▃▄▅▆▇'[Math.min(6, Math.floor(share * 7))]!
}

function mark(kind: CoverageKind, share: number): string {
  if (kind === 'recorded') return '#'
  if (kind === 'off') return '.'
  if (kind === 'expired') return 'x'
  return share === 0 ? '_' : '+'
}

function paint(kind: CoverageKind, palette: Palette) {
  if (kind === 'recorded') return palette.good
  if (kind === 'camera') return palette.bad
  return kind === 'machine' ? palette.warning : palette.dim
}

function legend({ palette, blocks }: CoverageScreen): string {
  const words = blocks
    ? '█ recorded  ▄ in part  _ nothing  · not wanted  × expired'
    : '# recorded  + in part  _ nothing  . not wanted  x expired'
  return palette.dim(words)
}

function gaps(report: CoverageReport, palette: Palette): string[] {
  const all = longestGaps(report)
  if (all.length === 0) return []
  const local = (at: number) => formatLocal(at, report.timezone)
  const rows = all
    .slice(0, LISTED)
    .map(gap => [
      gap.camera,
      local(gap.start),
      local(gap.end),
      formatDuration(gap.end - gap.start),
      describeGap(gap, formatDuration),
    ])
  const more = all.length - rows.length
  const rest =
    more > 0 ? [palette.dim(`(${more} shorter ${more === 1 ? 'gap' : 'gaps'}: --csv, or --html -o coverage.html)`)] : []
  return ['', renderColumns(['longest gaps', 'from', 'to', 'length', 'why'], rows, palette), ...rest]
}
