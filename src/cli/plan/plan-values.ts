import { formatMoney } from '../../kernel/money.ts'
import { formatBitRate, formatSize } from '../../kernel/units.ts'
import type { Figure, FigureUnit } from '../../planning/model/types.ts'

/** A number of a plan with its unit, as people read it. */
export function formatFigure(value: number, unit: FigureUnit, currency: string): string {
  switch (unit) {
    case 'bit/s':
      return formatBitRate(value)
    case 'bytes':
      return formatSize(value)
    case 'bytes/day':
      return `${formatSize(value)}/d`
    case 'bytes/s':
      return `${formatSize(value)}/s`
    case 'cores':
      return `${rounded(value)} cores`
    case 'watts':
      return value >= 1_000 ? `${rounded(value / 1_000)} kW` : `${rounded(value)} W`
    case 'money':
      return formatMoney({ amount: value, currency })
    case 'cameras':
    case 'streams':
      return `${Math.round(value)} ${unit}`
    case 'IOPS':
      return `${rounded(value)} IOPS`
  }
}

/** Two digits that count, whole from a hundred on. */
export function rounded(value: number): string {
  return String(value >= 100 ? Math.round(value) : Number(value.toPrecision(2)))
}

/** Figures by id, for views that name them. */
export function figuresById(figures: readonly Figure[]): ReadonlyMap<string, Figure> {
  return new Map(figures.map(figure => [figure.id, figure]))
}
