import Table from 'cli-table3'
import { type Palette, PLAIN } from './palette.ts'

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
}

/** A table as vmsctl shows them: no lines, two spaces between columns, a dim head. Columns that are empty throughout are left out. */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  palette: Palette = PLAIN,
): string {
  const kept = head.map((_, column) => column).filter(column => rows.some(row => (row[column] ?? '') !== ''))
  const table = new Table({
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    head: kept.map(column => palette.dim(head[column]!)),
  })
  for (const row of rows) table.push(kept.map(column => row[column] ?? ''))
  return table
    .toString()
    .split('\n')
    .map(line => line.trimEnd())
    .join('\n')
}
