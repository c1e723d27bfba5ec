import { formatMoney } from '../../kernel/money.ts'
import type { Change, Purchase, Roadmap, RoadmapStep } from '../../planning/roadmap/index.ts'
import { formatValue, rowName, savedWords } from '../compare/compare-values.ts'

/** What changes with a step: name, before, after, by how much, and since the start. What stays is left out. */
export function changeRows(changes: readonly Change[], { currency }: Roadmap): string[][] {
  return changes
    .filter(({ before, after }) => before.p50 !== 0 || after.p50 !== 0)
    .map(({ name, unit, before, after, saved, savedSinceStart }) => [
      rowName(name, unit),
      formatValue(before.p50, unit, currency),
      formatValue(after.p50, unit, currency),
      savedWords(saved),
      savedWords(savedSinceStart),
    ])
}

export const CHANGE_HEAD = ['', 'before', 'after', 'this step', 'since the start'] as const

/** `buys 2 cards (5,000 USD); needs 15 nodes less (45,030 USD)`. */
export function purchaseWords(purchases: readonly Purchase[], currency: string): string {
  if (purchases.length === 0) return 'buys nothing'
  return purchases
    .map(({ name, quantity, amount }) => {
      const price = amount === null ? 'no price known' : formatMoney({ amount: Math.abs(Math.round(amount)), currency })
      const count = Math.abs(quantity)
      const what = count === 1 ? name.replace(/s$/, '') : name
      return quantity > 0 ? `buys ${count} ${what} (${price})` : `needs ${count} ${what} less (${price})`
    })
    .join('; ')
}

export function stepTitle({ phase, weeks, name }: RoadmapStep): string {
  return `Phase ${phase} (weeks ${weeks}): ${name}`
}

/** One line: where the road ends. */
export function roadmapAnswer(roadmap: Roadmap): string {
  const { cameras, steps, currency, years, total } = roadmap
  if (cameras === 0) return '0 cameras: no road to go.'
  const of = (id: string) => total.find(change => change.id === id)!
  const cost = of('cost.total')
  const [uplink, viewing] = [of('uplink'), of('ingest.viewing')]
  const money = (value: number) => formatValue(value, 'money', currency)
  const span = years === 1 ? '1 year' : `${years} years`
  return `${cameras} cameras, ${steps.length} steps: ${money(cost.before.p50)} over ${span} become ${money(cost.after.p50)} (${savedWords(cost.saved)}); uplinks ${savedWords(uplink.saved)}, sub-streams in ${savedWords(viewing.saved)}.`
}
