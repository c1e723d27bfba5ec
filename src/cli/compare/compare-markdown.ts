import type { Comparison } from '../../planning/compare/index.ts'
import { type Marked, markdownTable, markdownText } from '../../report/index.ts'
import { architectureTable, comparisonAnswer, documentedTable, type Table } from './compare-tables.ts'

/** The comparison as a document: both tables, what each architecture gives up, and the contradictions. */
export function comparisonMarkdown(comparison: Comparison): string {
  const { cameras, architectures, contradictions, documented, notes, vmsctl } = comparison
  return [
    `# Architectures for ${cameras} cameras`,
    markdownText(comparisonAnswer(comparison)),
    table(architectureTable(comparison, true)),
    'P50, and P95 in brackets; what is bought is sized for P95. An asterisk marks the best of a row, where they differ.',
    '## What each does, and gives up',
    architectures
      .map(({ name, idea, givesUp }) => `- **${name}**: ${markdownText(`${idea} Gives up: ${givesUp}`)}`)
      .join('\n'),
    notes.map(note => `- ${markdownText(note)}`).join('\n'),
    `## The owner's document for ${documented.cameras} cameras, and the same with measured costs`,
    table(documentedTable(comparison)),
    documented.costs
      .map(
        ({ name, cores, grade, source }) =>
          `- ${markdownText(`${name}: ${Number((cores * 100).toPrecision(2))} % of a core (${grade}: ${source.text})`)}`,
      )
      .join('\n'),
    '## What contradicts what',
    ...contradictions.map(
      ({ title, says, against, explanation }) =>
        `### ${markdownText(title)}\n\n- It says: ${markdownText(says)}\n- Against: ${markdownText(against)}\n\n${markdownText(explanation)}`,
    ),
    `Made by vmsctl ${vmsctl}.`,
  ].join('\n\n')
}

function table({ head, rows }: Table): string {
  const text = (cell: string | Marked) => (typeof cell === 'string' ? cell : `${cell.text}${cell.best ? ' *' : ''}`)
  const right = head.map((_, column) => column).filter(column => column > 0 && head[column] !== '')
  return markdownTable(
    head,
    rows.map(row => row.map(text)),
    right,
  )
}
