import { fromLocal, toLocal } from '../../../kernel/zone.ts'
import type { CoveragePiece, Interval } from '../../types.ts'
import { cellState, coverageCells } from '../kinds.ts'

const HOUR = 3_600_000
/** Lengths of a cell, milliseconds, and how many cells a strip has at most. */
const STEPS = [HOUR, 3 * HOUR, 6 * HOUR, 24 * HOUR, 168 * HOUR]
const MOST_CELLS = 240
/** Parts of what was wanted that may be missing for each shade. */
const SHADES = [0.01, 0.1, 0.5, 1]

/** The edges of a heat map's cells: whole hours of the zone, or more of them in a long span, and the ends of the span. */
export function cellEdges(
  { start, end }: Interval,
  timezone: string,
): { readonly edges: number[]; readonly step: number } {
  const step = STEPS.find(length => (end - start) / length <= MOST_CELLS) ?? Math.ceil((end - start) / MOST_CELLS)
  const edges = [start]
  const first = Math.floor(toLocal(start, timezone) / step) * step
  for (let k = 1; ; k++) {
    const at = fromLocal(first + k * step, timezone)
    if (at >= end) break
    if (at > edges.at(-1)!) edges.push(at)
  }
  edges.push(end)
  return { edges, step }
}

/** One camera's row of the heat map as SVG, 1000 wide and 10 high; neighbours that look the same are one rectangle. */
export function stripSvg(pieces: readonly CoveragePiece[], span: Interval, edges: readonly number[]): string {
  const looks = coverageCells(pieces, edges).map(cell => {
    const { kind, share } = cellState(cell)
    const shade = SHADES.findIndex(most => 1 - share <= most + 1e-12) + 1
    return kind === 'camera' || kind === 'machine' ? `${kind} s${shade}` : kind
  })
  const x = (at: number) => Math.round(((at - span.start) * 1e6) / (span.end - span.start)) / 1e3
  let shapes = ''
  for (let from = 0, to = 0; from < looks.length; from = to) {
    while (to < looks.length && looks[to] === looks[from]) to++
    const [left, right] = [x(edges[from]!), x(edges[to]!)]
    const rectangle = (look: string) =>
      `<rect class="${look}" x="${left}" width="${Math.round((right - left) * 1e3) / 1e3}" height="10"/>`
    if (looks[from] !== 'nothing')
      shapes += (looks[from]!.includes(' ') ? rectangle('recorded') : '') + rectangle(looks[from]!)
  }
  return shapes
}
