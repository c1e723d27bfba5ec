import { formatSize } from '../kernel/units.ts'
import type { RepairedFile, RepairReport } from '../recording/verify/index.ts'
import type { Palette } from './palette.ts'

/** Files of one kind that are named to people. */
const NAMED = 20

/** `vmsctl archive repair`: what was done, and what a person has to look at. */
export function renderRepair({ files, outcomes }: RepairReport, palette: Palette): string {
  const of = (...kinds: RepairedFile['outcome'][]) => outcomes.filter(({ outcome }) => kinds.includes(outcome))
  const done = of('repaired')
  const wanted = of('to-repair', 'to-remove')
  const answer =
    wanted.length > 0
      ? `${wanted.length} of ${files} files would be put in order.`
      : `${done.length} of ${files} files repaired, ${of('removed').length} empty ones removed.`
  const lines = [palette.bold(answer)]
  list(lines, done, ({ path, removed }) => `${path}: closed${cut(removed)}`)
  list(lines, of('removed'), ({ path, detail }) => `${path}: removed, ${detail}`)
  list(
    lines,
    wanted,
    file => `${file.path}: ${file.outcome === 'to-repair' ? `to close${cut(file.removed)}` : 'to remove'}`,
  )
  list(lines, of('damaged', 'failed', 'foreign'), ({ path, detail }) =>
    palette.warning(`! ${path}: ${detail}; left as it is`),
  )
  const writing = of('writing').length
  if (writing > 0) lines.push(palette.dim(`${writing} being written now, or a moment ago: left alone`))
  return lines.join('\n')
}

function list(lines: string[], files: readonly RepairedFile[], line: (file: RepairedFile) => string): void {
  lines.push(...files.slice(0, NAMED).map(line))
  if (files.length > NAMED) lines.push(`${files.length - NAMED} more like these; --json names them`)
}

function cut(removed: number): string {
  return removed === 0 ? '' : `, ${formatSize(removed)} of a torn fragment cut off`
}
