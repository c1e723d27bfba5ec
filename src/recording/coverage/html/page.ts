import { formatInstant, formatLocal } from '../../../kernel/instant.ts'
import { formatDuration } from '../../../kernel/units.ts'
import { escapeHtml, htmlPage, reportTemplate } from '../../../report/index.ts'
import { coverageAnswer } from '../answer.ts'
import { kindOf } from '../kinds.ts'
import { type CameraCoverage, type CoverageReport, describeGap, longestGaps, pieceWords } from '../report.ts'
import { formatPercent, gapsOf } from '../summary.ts'
import { cellEdges, stripSvg } from './strip.ts'

/** Gaps that the page lists; all are in its picture. */
const LISTED = 1_000

const LEGEND = [
  ['recorded', 'recorded'],
  ['camera', 'lost: the camera or the way to it'],
  ['machine', 'lost: this machine, or deleted by hand'],
  ['off', 'not wanted'],
  ['expired', 'expired by retention'],
] as const

/**
 * A report as one HTML file: a heat map of cameras by hours that can be zoomed and printed, and the list of gaps. It loads
 * nothing from elsewhere, and says all it says without its script too.
 */
export function coverageHtml(report: CoverageReport, madeAt: number): string {
  const { span, timezone, site, cameras } = report
  const { edges, step } = cellEdges(span, timezone)
  const local = (at: number) => formatLocal(at, timezone)
  const period = `${local(span.start)} to ${local(span.end)}, ${timezone}`
  const rows = cameras.map(camera => cameraRow(camera, report, edges))
  const body = `<header>
<h1>Recorded time of ${escapeHtml(site)}</h1>
<p class="answer">${escapeHtml(coverageAnswer(report))}</p>
<p>${escapeHtml(period)}. Made ${escapeHtml(formatInstant(madeAt, timezone))}.</p>
</header>
<p class="legend">${LEGEND.map(([kind, words]) => `<span class="legend-item"><i class="${kind}"></i>${words}</span>`).join(' ')}</p>
<nav id="tools" class="screen" hidden aria-label="Part of the time that is shown"></nav>
<table id="strips">
<caption class="paper">Each cell is ${escapeHtml(formatDuration(step))}; the darker, the more of it is missing.</caption>
<thead><tr><th scope="col">camera</th><th scope="col">recorded</th><th scope="col" id="axis">${axis(report)}</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
${gapList(report)}
<div id="tip" class="screen" role="status" hidden></div>`
  return htmlPage({
    title: `Recorded time of ${site}, ${period}`,
    body,
    style: reportTemplate('coverage.css'),
    script: reportTemplate('coverage.js'),
    data: pageData(report),
  })
}

function cameraRow(camera: CameraCoverage, { span }: CoverageReport, edges: readonly number[]): string {
  const gaps = gapsOf(camera.pieces)
  const longest = gaps.reduce((most, { start, end }) => Math.max(most, end - start), 0)
  const words =
    gaps.length === 0
      ? 'no gaps'
      : `${gaps.length} ${gaps.length === 1 ? 'gap' : 'gaps'}, the longest ${formatDuration(longest)}`
  const percent = formatPercent(camera.percent)
  const label = escapeHtml(`${camera.camera}: ${percent} recorded, ${words}`)
  const strip = `<svg class="paper" role="img" aria-label="${label}" viewBox="0 0 1000 10" preserveAspectRatio="none">${stripSvg(camera.pieces, span, edges)}</svg>`
  return `<tr><th scope="row">${escapeHtml(camera.camera)}</th><td class="percent">${percent}</td><td class="strip">${strip}</td></tr>`
}

/** Times under the whole picture, for paper and without a script. */
function axis({ span, timezone }: CoverageReport): string {
  const marks = [0, 0.25, 0.5, 0.75, 1].map(part => formatLocal(span.start + (span.end - span.start) * part, timezone))
  return `<span class="paper marks">${marks.map(mark => `<span>${escapeHtml(mark.slice(0, 16))}</span>`).join('')}</span>`
}

function gapList(report: CoverageReport): string {
  const gaps = longestGaps(report)
  if (gaps.length === 0) return '<h2>Gaps</h2>\n<p>None.</p>'
  const local = (at: number) => escapeHtml(formatLocal(at, report.timezone))
  const rows = gaps.slice(0, LISTED).map(gap => {
    const { camera, start, end } = gap
    const reason = escapeHtml(describeGap(gap, formatDuration))
    const time = `<button type="button" data-start="${start}" data-end="${end}">${local(start)}</button>`
    return `<tr><th scope="row">${escapeHtml(camera)}</th><td>${time}</td><td>${local(end)}</td><td class="length">${formatDuration(end - start)}</td><td>${reason}</td></tr>`
  })
  const rest = gaps.length > LISTED ? `\n<p>And ${gaps.length - LISTED} shorter ones.</p>` : ''
  return `<h2>Gaps, the longest first</h2>
<table id="gaps">
<thead><tr><th scope="col">camera</th><th scope="col">from</th><th scope="col">to</th><th scope="col">length</th><th scope="col">why</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>${rest}`
}

/** What the script draws: pieces as [start, end, index of its words] after each other. */
function pageData({ span, timezone, cameras }: CoverageReport) {
  const words = new Map<string, number>()
  const kinds: { kind: string; words: string }[] = []
  const lists = cameras.map(({ camera, pieces }) => ({
    camera,
    pieces: pieces.flatMap(piece => {
      const text = pieceWords(piece)
      let index = words.get(text)
      if (index === undefined) {
        index = kinds.push({ kind: kindOf(piece), words: text }) - 1
        words.set(text, index)
      }
      return [piece.start, piece.end, index]
    }),
  }))
  return { start: span.start, end: span.end, timezone, kinds, cameras: lists }
}
