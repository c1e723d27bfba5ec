import type { PlanResult } from '../../../planning/model/types.ts'
import { escapeHtml, htmlPage, htmlTable, reportTemplate } from '../../../report/index.ts'
import { PLAIN } from '../../palette.ts'
import { breaks, subject } from '../plan-view.ts'
import { bandwidthChart, costChart, storageChart, tornadoChart } from './plan-charts.ts'
import { assumptionTable, billTable, figureTable, limitTable } from './plan-tables.ts'

/** A plan as one page with charts, without a script. */
export function planHtml(plan: PlanResult): string {
  const { cameras, bill, notes, vmsctl, inputs } = plan
  const title = `Plan for ${cameras} ${cameras === 1 ? 'camera' : 'cameras'}`
  const body = `<header><h1>${escapeHtml(title)}</h1>
<p class="answer">${escapeHtml(breaks(plan, PLAIN).join(' '))}</p>
<p>${escapeHtml(subject(plan))}.</p></header>
${htmlTable(figureTable(plan))}
${charts(plan)}
<h2>Bill</h2>
<p class="aside">Prices of ${escapeHtml(bill.date)}; energy is that of a year.</p>
${htmlTable(billTable(plan))}
<h2>What breaks first</h2>
${htmlTable(limitTable(plan))}
<ul>
${notes.map(note => `<li>${escapeHtml(note)}</li>`).join('\n')}
</ul>
<h2>What it rests on</h2>
${htmlTable(assumptionTable(plan))}
<p class="aside">Made by vmsctl ${escapeHtml(vmsctl)}, ${inputs.draws} draws, seed ${inputs.seed}.</p>`
  return htmlPage({ title, body, style: reportTemplate('charts.css') })
}

/** Nothing is drawn of a site without cameras. */
function charts(plan: PlanResult): string {
  if (plan.cameras === 0) return ''
  const figures: [string, string][] = [
    ['Bandwidth by source', bandwidthChart(plan)],
    ['Storage over days, until the oldest footage goes', storageChart(plan)],
    ['Cost by part', costChart(plan)],
    ['What spreads storage most: each input alone at P10 and P90', tornadoChart(plan, 'storage.raw')],
    ['What spreads recording at night most', tornadoChart(plan, 'ingest.recording.night')],
    ['What spreads the cost most', tornadoChart(plan, 'cost.total')],
  ]
  return figures
    .filter(([, chart]) => chart !== '')
    .map(([words, chart]) => `<figure><figcaption>${escapeHtml(words)}</figcaption>${chart}</figure>`)
    .join('\n')
}
