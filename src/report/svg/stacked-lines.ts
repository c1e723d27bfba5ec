import { escapeHtml } from '../html-page.ts'
import { round, svgFrame, svgLine, svgText, WIDTH } from './frame.ts'
import { ticks } from './scale.ts'

export interface Layer {
  readonly name: string
  /** One value for each of `days`. */
  readonly values: readonly number[]
}

const LEFT = 70
const RIGHT = 190
const TOP = 12
const HEIGHT = 220
const BOTTOM = 34
/** Height of a name beside the chart. */
const NAME = 16

/** Layers on top of each other over days, the lowest first, with their names beside them at the right. */
export function stackedLines(of: {
  id: string
  title: string
  days: readonly number[]
  layers: readonly Layer[]
  format: (value: number) => string
  mark?: { readonly value: number; readonly label: string }
}): string {
  const { id, title, days, layers, format, mark } = of
  const last = days.at(-1) ?? 0
  const tops = cumulative(layers, days.length)
  const highest = Math.max(0, ...(tops.at(-1) ?? []), mark?.value ?? 0)
  const steps = ticks(highest)
  const most = steps.at(-1)!
  const x = (day: number) => LEFT + (last > 0 ? day / last : 0) * (WIDTH - LEFT - RIGHT)
  const y = (value: number) => TOP + HEIGHT * (1 - value / most)
  const grid = steps.map(
    step =>
      svgLine(LEFT, y(step), WIDTH - RIGHT, y(step), 'grid') +
      svgText(LEFT - 6, y(step) + 4, format(step), 'end', 'note'),
  )
  const areas = layers.map(({ name }, i) => {
    const over = tops[i]!.map((value, at) => `${round(x(days[at]!))},${round(y(value))}`)
    const under = days.map((day, at) => `${round(x(day))},${round(y(tops[i - 1]?.[at] ?? 0))}`).reverse()
    return `<polygon class="c${i % 5}" points="${[...over, ...under].join(' ')}"><title>${escapeHtml(name)}</title></polygon>`
  })
  const names = spread(layers.map((_, i) => y(((tops[i]!.at(-1) ?? 0) + (tops[i - 1]?.at(-1) ?? 0)) / 2))).map(
    (at, i) => svgText(WIDTH - RIGHT + 8, at + 4, layers[i]!.name),
  )
  const line = mark
    ? svgLine(LEFT, y(mark.value), WIDTH - RIGHT, y(mark.value), 'mark') +
      svgText(LEFT + 6, y(mark.value) - 4, mark.label, 'start', 'note')
    : ''
  const axis = ticks(last, 6)
    .filter(day => day <= last)
    .map(day => svgText(x(day), TOP + HEIGHT + 16, String(Number(day.toPrecision(6))), 'middle', 'note'))
  const foot = svgText(LEFT + (WIDTH - LEFT - RIGHT) / 2, TOP + HEIGHT + 31, 'days', 'middle', 'note')
  const ends = layers.map(({ name, values }) => `${name} ${format(values.at(-1) ?? 0)}`)
  const words = `After ${Number(last.toPrecision(6))} days: ${ends.join('; ')}${mark ? `; the line stands at ${mark.label}` : ''}.`
  return svgFrame(
    { id, title, words },
    TOP + HEIGHT + BOTTOM,
    [...grid, ...areas, line, ...names, ...axis, foot].join('\n'),
  )
}

/** The upper edge of each layer. */
function cumulative(layers: readonly Layer[], count: number): number[][] {
  let below = new Array<number>(count).fill(0)
  return layers.map(({ values }) => {
    below = below.map((value, i) => value + (values[i] ?? 0))
    return below
  })
}

/** Heights of names, from the lowest layer up, so that none covers another. */
function spread(wanted: readonly number[]): number[] {
  let free = Number.POSITIVE_INFINITY
  return wanted.map(at => {
    const placed = Math.min(at, free - NAME)
    free = placed
    return placed
  })
}
