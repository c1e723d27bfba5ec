import type { ArchitectureId, Comparison } from '../../planning/compare/index.ts'
import { share } from '../../planning/model/words.ts'
import type { Marked } from '../../report/index.ts'
import { formatValue, rowName } from './compare-values.ts'

export interface Table {
  readonly head: readonly string[]
  readonly rows: readonly (readonly (string | Marked)[])[]
}

/** Architectures side by side. `full` gives P95 as well, where it is another. */
export function architectureTable({ rows, architectures, best, currency }: Comparison, full: boolean): Table {
  return {
    head: ['', ...architectures.map(architecture => architecture.name)],
    rows: rows
      .filter(({ id }) => architectures.some(({ figures }) => figures[id].p95 > 0))
      .map(({ id, name: row, unit }) => [
        rowName(row, unit),
        ...architectures.map(({ id: architecture, figures }): Marked => {
          const [p50, p95] = [figures[id].p50, figures[id].p95].map(value => formatValue(value, unit, currency))
          const text = full && p95 !== p50 ? `${p50} (${p95})` : p50!
          return { text, best: (best[id] as readonly ArchitectureId[] | undefined)?.includes(architecture) === true }
        }),
      ]),
  }
}

/** The document's table, with measured costs beside it. */
export function documentedTable({ documented }: Comparison): Table {
  const { rows, savings } = documented
  const value = (amount: number | null, unit: (typeof rows)[number]['unit']) => formatValue(amount, unit, 'USD')
  const saved = (name: string, of: 'bandwidth' | 'cpu' | 'cost', note: string) => {
    const [as, is] = [savings.documented[of], savings.measured[of]].map(amount =>
      value(amount, of === 'cost' ? 'money' : 'share'),
    )
    return [name, '', '', as!, is!, note]
  }
  return {
    head: ['', 'original: document', 'measured', 'optimised: document', 'measured', ''],
    rows: [
      ...rows.map(({ name, unit, original, optimised, note }) => [
        rowName(name, unit),
        value(original.documented, unit),
        value(original.measured, unit),
        value(optimised.documented, unit),
        value(optimised.measured, unit),
        note,
      ]),
      saved('bandwidth saved', 'bandwidth', ''),
      saved('CPU saved', 'cpu', ''),
      saved('saved at 300 USD a core', 'cost', 'Measured: less the price of the cards.'),
    ],
  }
}

/** One line: what the comparison comes to. */
export function comparisonAnswer({ architectures, cameras, currency, documented }: Comparison): string {
  const cheapest = [...architectures].sort((a, b) => a.figures['cost.total'].p50 - b.figures['cost.total'].p50)[0]
  const narrowest = [...architectures].sort((a, b) => a.figures.uplink.p50 - b.figures.uplink.p50)[0]
  const what = `${cameras} ${cameras === 1 ? 'camera' : 'cameras'}`
  if (cheapest === undefined || narrowest === undefined || cameras === 0) return `${what}: nothing to compare.`
  const cost = formatValue(cheapest.figures['cost.total'].p50, 'money', currency)
  const uplink = formatValue(narrowest.figures.uplink.p50, 'bit/s', currency)
  const claim = share(documented.savings.documented.bandwidth)
  const bill = architectures.length === 1 ? `costs ${cost}` : `costs least, ${cost}`
  const link = architectures.length === 1 ? 'takes' : 'takes the least uplink,'
  return `${what}: ${cheapest.name} ${bill}; ${narrowest.name} ${link} ${uplink}. The owner's document saves ${claim} of bandwidth: see --as-documented.`
}
