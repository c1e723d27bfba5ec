import { roomFor, svgFrame, svgLine, svgRect, svgText, WIDTH } from './frame.ts'

export interface Bar {
  readonly label: string
  readonly value: number
  /** A larger value behind it (P95), drawn fainter. */
  readonly high?: number
}

const LABELS = 210
const ROW = 26
const BAR = 16
const TOP = 6

/**
 * Bars from left to right, each with its name and its figures beside it, so nothing depends on a colour. `mark` is a value that all are
 * held against, such as the capacity of a link.
 */
export function barChart(of: {
  id: string
  title: string
  bars: readonly Bar[]
  format: (value: number) => string
  mark?: { readonly value: number; readonly label: string }
}): string {
  const { id, title, bars, format, mark } = of
  const most = Math.max(...bars.map(({ value, high }) => Math.max(value, high ?? 0)), mark?.value ?? 0)
  const room = WIDTH - LABELS - roomFor(bars.map(({ value, high }) => figures(value, high, format)))
  const scale = (value: number) => (most > 0 ? (value / most) * room : 0)
  const rows = bars.map(({ label, value, high }, i) => {
    const y = TOP + i * ROW
    const end = LABELS + scale(Math.max(value, high ?? 0))
    return [
      svgText(LABELS - 8, y + 13, label, 'end'),
      high === undefined ? '' : svgRect(LABELS, y, scale(high), BAR, 'c0 faint'),
      svgRect(LABELS, y, scale(value), BAR, 'c0'),
      svgText(end + 6, y + 13, figures(value, high, format), 'start', 'figure'),
    ].join('')
  })
  const height = TOP + bars.length * ROW + (mark ? 20 : 4)
  const line = mark
    ? svgLine(LABELS + scale(mark.value), 0, LABELS + scale(mark.value), height - 18, 'mark') +
      svgText(LABELS + scale(mark.value), height - 5, mark.label, 'middle', 'note')
    : ''
  const words = bars.map(({ label, value, high }) => `${label} ${figures(value, high, format)}`)
  if (mark) words.push(`the line stands at ${mark.label}`)
  return svgFrame({ id, title, words: `${words.join('; ')}.` }, height, [line, ...rows].join('\n'))
}

function figures(value: number, high: number | undefined, format: (value: number) => string): string {
  return high === undefined || high === value ? format(value) : `${format(value)} (P95 ${format(high)})`
}
