import type { Roadmap, RoadmapStep } from '../../planning/roadmap/index.ts'
import { barChart, escapeHtml, htmlPage, htmlTable, reportTemplate } from '../../report/index.ts'
import { formatValue } from '../compare/compare-values.ts'
import { CHANGE_HEAD, changeRows, purchaseWords, roadmapAnswer, stepTitle } from './roadmap-words.ts'

/** The roadmap as one page with a chart of each figure along the way, without a script. */
export function roadmapHtml(roadmap: Roadmap): string {
  const { cameras, steps, total, notes, vmsctl } = roadmap
  const title = `Roadmap for ${cameras} cameras`
  const body = `<header><h1>${escapeHtml(title)}</h1>
<p class="answer">${escapeHtml(roadmapAnswer(roadmap))}</p>
<p class="aside">Figures are P50, in charts with P95 behind them; what is bought is sized for P95. Each step stands on the one before it.</p></header>
${(['cost.total', 'uplink', 'cpu.transcoding'] as const).map(id => chart(roadmap, id)).join('\n')}
${steps.map(step => section(step, roadmap)).join('\n')}
<h2>From start to end</h2>
${htmlTable({ head: CHANGE_HEAD, rows: changeRows(total, roadmap), right: [1, 2, 3, 4] })}
<ul class="aside">
${notes.map(note => `<li>${escapeHtml(note)}</li>`).join('\n')}
</ul>
<p class="aside">Made by vmsctl ${escapeHtml(vmsctl)}.</p>`
  return htmlPage({ title, body, style: reportTemplate('charts.css') })
}

function section(step: RoadmapStep, roadmap: Roadmap): string {
  const { id, idea, claim, found, changes, purchases, risk, proofs } = step
  return `<section id="${id}"><h2>${escapeHtml(stepTitle(step))}</h2>
<p>${escapeHtml(`${idea} Promised: ${claim}. Here: ${found}.`)}</p>
${htmlTable({ head: CHANGE_HEAD, rows: changeRows(changes, roadmap), right: [1, 2, 3, 4] })}
<p><strong>Cost:</strong> ${escapeHtml(purchaseWords(purchases, roadmap.currency))}.</p>
<p><strong>Risk:</strong> ${escapeHtml(risk)}</p>
<p><strong>Proof:</strong></p>
<ul>${proofs.map(({ command, shows }) => `<li><code>${escapeHtml(command)}</code>: ${escapeHtml(shows)}</li>`).join('')}</ul></section>`
}

/** One figure at the start and after each step. */
function chart({ steps, total, currency }: Roadmap, id: 'cost.total' | 'uplink' | 'cpu.transcoding'): string {
  const start = total.find(change => change.id === id)!
  const points = [
    { label: 'at the start', at: start.before },
    ...steps.map(step => ({ label: step.name, at: step.changes.find(change => change.id === id)!.after })),
  ]
  const bars = points.map(({ label, at }) => ({ label, value: at.p50, high: at.p95 }))
  if (bars.every(({ high }) => high === 0)) return ''
  const name = start.unit === 'cores' ? `${start.name}, cores` : start.name
  const format = (value: number) => formatValue(value, start.unit, currency)
  return `<figure><figcaption>${escapeHtml(name)}</figcaption>${barChart({ id: `chart-${id.replaceAll('.', '-')}`, title: name, bars, format })}</figure>`
}
