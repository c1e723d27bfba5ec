import type { Comparison, RowId } from '../../planning/compare/index.ts'
import { barChart, escapeHtml, htmlPage, htmlTable, reportTemplate } from '../../report/index.ts'
import { architectureTable, comparisonAnswer, documentedTable } from './compare-tables.ts'
import { formatValue } from './compare-values.ts'

const CHARTS: readonly RowId[] = ['uplink', 'ingest.viewing', 'cpu.transcoding', 'cost.total']

/** The comparison as one page with charts, without a script. */
export function comparisonHtml(comparison: Comparison): string {
  const { cameras, architectures, contradictions, documented, notes, vmsctl } = comparison
  const title = `Architectures for ${cameras} cameras`
  const sides = architectureTable(comparison, true)
  const stands = documentedTable(comparison)
  const body = `<header><h1>${escapeHtml(title)}</h1>
<p class="answer">${escapeHtml(comparisonAnswer(comparison))}</p></header>
${htmlTable({ caption: 'P50, and P95 in brackets; what is bought is sized for P95. * is the best of its row, where they differ.', ...sides, right: sides.head.map((_, i) => i).slice(1) })}
<h2>At a glance</h2>
${CHARTS.map(id => chart(comparison, id)).join('\n')}
<h2>What each does, and gives up</h2>
<ul>
${architectures.map(({ name, idea, givesUp }) => `<li><strong>${escapeHtml(name)}</strong>: ${escapeHtml(idea)} Gives up: ${escapeHtml(givesUp)}</li>`).join('\n')}
</ul>
<ul class="aside">
${notes.map(note => `<li>${escapeHtml(note)}</li>`).join('\n')}
</ul>
<h2>The owner's document for ${documented.cameras} cameras, and the same with measured costs</h2>
${htmlTable({ ...stands, right: [1, 2, 3, 4] })}
<ul class="aside">
${documented.costs.map(({ name, cores, grade, source }) => `<li>${escapeHtml(`${name}: ${Number((cores * 100).toPrecision(2))} % of a core (${grade}: ${source.text})`)}</li>`).join('\n')}
</ul>
<h2>What contradicts what</h2>
${contradictions
  .map(
    ({ id, title: name, says, against, explanation }) =>
      `<section id="${id}"><h3>${escapeHtml(name)}</h3><p>It says: ${escapeHtml(says)}</p><p>Against: ${escapeHtml(against)}</p><p>${escapeHtml(explanation)}</p></section>`,
  )
  .join('\n')}
<p class="aside">Made by vmsctl ${escapeHtml(vmsctl)}.</p>`
  return htmlPage({ title, body, style: reportTemplate('charts.css') })
}

function chart({ architectures, rows, currency }: Comparison, id: RowId): string {
  const { name, unit } = rows.find(row => row.id === id)!
  const bars = architectures.map(({ name: label, figures }) => ({
    label,
    value: figures[id].p50,
    high: figures[id].p95,
  }))
  if (bars.every(({ high }) => high === 0)) return ''
  const unitName = unit === 'cores' ? `${name}, cores` : name
  const format = (value: number) => formatValue(value, unit, currency)
  return `<figure><figcaption>${escapeHtml(unitName)}</figcaption>${barChart({ id: `chart-${id.replaceAll('.', '-')}`, title: unitName, bars, format })}</figure>`
}
