import type { Comparison } from '../../planning/compare/index.ts'
import type { Marked } from '../../report/index.ts'
import { renderColumns } from '../columns.ts'
import type { Palette } from '../palette.ts'
import { wrap } from '../wrap.ts'
import { architectureTable, comparisonAnswer, documentedTable, type Table } from './compare-tables.ts'

/** `vmsctl compare`: the answer, the table, what each gives up. */
export function renderComparison(comparison: Comparison, palette: Palette): string {
  const gives = comparison.architectures.map(({ name, idea, givesUp }) =>
    wrap(`${name}: ${idea} Gives up: ${givesUp}`, '  '),
  )
  return [
    palette.bold(comparisonAnswer(comparison)),
    '',
    table(architectureTable(comparison, false)),
    palette.dim('At P50; what is bought is sized for P95. * is the best of its row, where they differ.'),
    '',
    ...gives.flat(),
    '',
    ...comparison.notes.flatMap(note => wrap(`- ${note}`, '  ')),
  ].join('\n')
}

/** `vmsctl compare --as-documented`: the owner's table, measured costs beside it, and what contradicts what. */
export function renderDocumented(comparison: Comparison, palette: Palette): string {
  const { costs, cameras } = comparison.documented
  return [
    palette.bold(`The owner's document for ${cameras} cameras (S7), and the same with measured costs`),
    '',
    table(documentedTable(comparison)),
    '',
    ...costs.flatMap(({ name, cores, grade, source }) =>
      wrap(
        `${name}: ${Number((cores * 100).toPrecision(2))} % of a core (${grade}${source.date ? ` ${source.date}` : ''}: ${source.text})`,
        '  ',
      ),
    ),
    '',
    palette.bold('What contradicts what'),
    ...comparison.contradictions.flatMap(({ id, title, says, against, explanation }) => [
      `${title} (${id})`,
      ...[`It says: ${says}`, `Against: ${against}`, explanation].flatMap(text => wrap(`  ${text}`, '    ')),
    ]),
  ].join('\n')
}

function table({ head, rows }: Table): string {
  const text = (cell: string | Marked) => (typeof cell === 'string' ? cell : `${cell.text}${cell.best ? ' *' : ''}`)
  return renderColumns(
    head,
    rows.map(row => row.map(text)),
  )
}
