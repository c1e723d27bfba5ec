import { formatMoney } from '../../../kernel/money.ts'
import { SETTINGS } from '../../../planning/inputs/settings.ts'
import type { Limit, PlanResult } from '../../../planning/model/types.ts'
import { grouped } from '../../../planning/model/words.ts'
import { formatFigure, rounded } from '../plan-values.ts'

interface Table {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Columns of figures. */
  readonly right: readonly number[]
}

export function figureTable({ figures, inputs }: PlanResult): Table {
  const { currency } = inputs.prices
  return {
    head: ['', 'P50', 'P95', 'grade', 'what decides it'],
    rows: figures
      .filter(({ p95 }) => p95 > 0)
      .map(({ name, unit, p50, p95, grade, decides }) => [
        name,
        formatFigure(p50, unit, currency),
        formatFigure(p95, unit, currency),
        grade,
        decides,
      ]),
    right: [1, 2],
  }
}

export function billTable({ bill }: PlanResult): Table {
  const money = (amount: number | null) =>
    amount === null ? 'no price' : formatMoney({ amount, currency: bill.currency })
  return {
    head: ['', 'quantity', 'price of one', 'P50', 'P95', 'when', 'grade', 'source'],
    rows: bill.lines.map(({ name, quantity, unit, price, p50, p95, when, grade, source }) => [
      name,
      `${grouped(Math.round(quantity))} ${unit}`,
      money(price),
      money(p50),
      money(p95),
      when,
      grade,
      source,
    ]),
    right: [1, 2, 3, 4],
  }
}

export function limitTable({ limits, inputs }: PlanResult): Table {
  const value = (amount: number, { unit }: Limit) => formatFigure(amount, unit, inputs.prices.currency)
  return {
    head: ['', 'up to', 'used now (P95)', 'of', 'what helps'],
    rows: limits.map(limit => [
      limit.name,
      limit.cameras === null ? 'over 1,000,000 cameras' : `${grouped(limit.cameras)} cameras`,
      value(limit.need, limit),
      `${value(limit.capacity, limit)}${limit.capacity > 0 ? ` (${rounded((limit.need / limit.capacity) * 100)} %)` : ''}`,
      limit.remedy,
    ]),
    right: [1, 2, 3],
  }
}

/** Every setting with its value, grade and source. */
export function assumptionTable({ origins }: PlanResult): Table {
  return {
    head: ['setting', 'value', 'grade', 'source'],
    rows: SETTINGS.flatMap(({ key, name }) => {
      const origin = origins[key]
      if (origin === undefined) return []
      const { text, date, url } = origin.source
      return [[`${name} (--${key})`, origin.text, origin.grade ?? 'said', [text, date, url].filter(Boolean).join(', ')]]
    }),
    right: [],
  }
}
