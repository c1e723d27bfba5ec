import type { FigureUnit } from '../../planning/model/types.ts'
import { share } from '../../planning/model/words.ts'
import { formatFigure, rounded } from '../plan/plan-values.ts'

/** A value of a comparison as people read it; `-` for what is not there. */
export function formatValue(value: number | null, unit: FigureUnit | 'pieces' | 'share', currency: string): string {
  if (value === null) return '-'
  if (unit === 'pieces') return String(Math.round(value))
  if (unit === 'share') return share(value)
  if (unit === 'cores') return rounded(value)
  if (unit === 'streams') return String(Math.round(value))
  if (unit === 'money') return formatFigure(Math.round(value), unit, currency)
  return formatFigure(value, unit, currency)
}

/** Units that stand with the name of a row, not with each value. */
export function rowName(name: string, unit: string): string {
  return unit === 'cores' ? `${name}, cores` : name
}

/** `30 % less`, `4 % more`, `as much`. */
export function savedWords(saved: number | null): string {
  if (saved === null) return ''
  if (Math.abs(saved) < 0.001) return 'as much'
  return saved > 0 ? `${share(saved)} less` : `${share(-saved)} more`
}
