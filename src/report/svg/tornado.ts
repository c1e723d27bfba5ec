import { roomFor, svgFrame, svgLine, svgRect, svgText, WIDTH } from './frame.ts'

/** What one input alone does to a figure. */
export interface TornadoRow {
  readonly label: string
  readonly low: number
  readonly high: number
}

const LABELS = 230
const ROW = 28
const BAR = 18
const TOP = 20

/** Swings around the value in the middle, the widest on top, with the value at each end written there. */
export function tornado(of: {
  id: string
  title: string
  middle: number
  rows: readonly TornadoRow[]
  format: (value: number) => string
}): string {
  const { id, title, middle, rows, format } = of
  const ends = rows.map(({ low, high }) => [Math.min(low, high), Math.max(low, high)] as const)
  const least = Math.min(middle, ...ends.map(([from]) => from))
  const most = Math.max(middle, ...ends.map(([, to]) => to))
  const room = roomFor(ends.flat().map(format))
  const from = LABELS + room
  const x = (value: number) => from + (most > least ? (value - least) / (most - least) : 0.5) * (WIDTH - from - room)
  const drawn = rows.map(({ label }, i) => {
    const y = TOP + i * ROW
    const [start, end] = ends[i]!
    return [
      svgText(LABELS - 8, y + 14, label, 'end'),
      svgRect(x(start), y, x(Math.min(end, Math.max(start, middle))) - x(start), BAR, 'c1'),
      svgRect(
        x(Math.max(start, Math.min(end, middle))),
        y,
        x(end) - x(Math.max(start, Math.min(end, middle))),
        BAR,
        'c0',
      ),
      svgText(x(start) - 5, y + 14, format(start), 'end', 'figure'),
      svgText(x(end) + 5, y + 14, format(end), 'start', 'figure'),
    ].join('')
  })
  const height = TOP + rows.length * ROW
  const centre =
    svgLine(x(middle), TOP - 4, x(middle), height, 'mark') +
    svgText(x(middle), 12, `P50 ${format(middle)}`, 'middle', 'note')
  const words = rows.map(({ label, low, high }) => `${label}: ${format(low)} to ${format(high)}`)
  return svgFrame(
    { id, title, words: `P50 is ${format(middle)}. ${words.join('; ')}.` },
    height,
    drawn.join('\n') + centre,
  )
}
