import { stripVTControlCharacters } from 'node:util'
import { type Palette, PLAIN } from './palette.ts'

/**
 * Rows in columns, like {@link renderTable} but at a tenth of its time: it is for status commands, which cron calls every
 * minute and which may have a thousand rows. Columns that are empty throughout are left out. Cells are one line each.
 */
export function renderColumns(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  palette: Palette = PLAIN,
): string {
  const kept = head.map((_, column) => column).filter(column => rows.some(row => (row[column] ?? '') !== ''))
  const widths = kept.map(column =>
    rows.reduce((most, row) => Math.max(most, width(row[column] ?? '')), head[column]!.length),
  )
  const line = (cells: readonly string[]) =>
    kept
      .map((column, i) => (cells[column] ?? '') + ' '.repeat(widths[i]! - width(cells[column] ?? '') + 2))
      .join('')
      .trimEnd()
  return [palette.dim(line(head)), ...rows.map(line)].join('\n')
}

/** Columns of the terminal that a text of ours takes: colours take none. */
function width(text: string): number {
  return (text.includes('\x1b') ? stripVTControlCharacters(text) : text).length
}
