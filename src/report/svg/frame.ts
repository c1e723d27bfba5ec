import { escapeHtml } from '../html-page.ts'

/** Units of a chart's width; it is scaled to the page. */
export const WIDTH = 760

export interface ChartText {
  /** Unique in its page. */
  readonly id: string
  readonly title: string
  /** The chart in words, for who cannot see it: what it shows and every figure in it. */
  readonly words: string
}

/** An SVG element with its text alternative (WAI-ARIA 1.2, role img). Colours come from classes of templates/reports/charts.css. */
export function svgFrame({ id, title, words }: ChartText, height: number, content: string): string {
  return `<svg class="chart" role="img" aria-labelledby="${id}-title ${id}-words" viewBox="0 0 ${WIDTH} ${round(height)}" xmlns="http://www.w3.org/2000/svg">
<title id="${id}-title">${escapeHtml(title)}</title>
<desc id="${id}-words">${escapeHtml(words)}</desc>
${content}
</svg>`
}

/** Room for the longest of some texts: 12 px digits and letters are about 7 wide. */
export function roomFor(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(text => text.length)) * 7 + 10
}

export type Anchor = 'start' | 'middle' | 'end'

export function svgText(x: number, y: number, text: string, anchor: Anchor = 'start', kind = ''): string {
  const classes = kind === '' ? '' : ` class="${kind}"`
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}"${classes}>${escapeHtml(text)}</text>`
}

export function svgRect(x: number, y: number, width: number, height: number, kind: string): string {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(Math.max(0, width))}" height="${round(height)}" class="${kind}"/>`
}

export function svgLine(x1: number, y1: number, x2: number, y2: number, kind: string): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" class="${kind}"/>`
}

/** A tenth of a unit is finer than any screen. */
export function round(value: number): number {
  return Math.round(value * 10) / 10 || 0
}
