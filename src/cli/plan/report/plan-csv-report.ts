import type { PlanResult } from '../../../planning/model/types.ts'
import { csv } from '../../../report/index.ts'

/** Every figure of a plan, one a line: kind, id, name, unit, P50, P90, P95, what decides it, grade. Numbers in base units. */
export function planCsv({ figures, watched, bill, limits, inputs }: PlanResult): string {
  const { currency } = inputs.prices
  const rows: (string | number | null)[][] = [
    ...figures.map(({ id, name, unit, p50, p90, p95, decides, grade }) => [
      'figure',
      id,
      name,
      unit === 'money' ? currency : unit,
      p50,
      p90,
      p95,
      decides,
      grade,
    ]),
    ['watched', 'watched', 'sub-streams that are open', 'streams', watched.p50, null, watched.p95, '', ''],
    ...bill.lines.map(({ name, quantity, unit, p50, p95, when, grade, source }) => [
      'bill',
      name,
      `${quantity} ${unit}, ${when}`,
      currency,
      p50,
      null,
      p95,
      source,
      grade,
    ]),
    ...limits.map(({ resource, name, cameras, remedy }) => [
      'limit',
      resource,
      name,
      'cameras',
      null,
      null,
      cameras,
      remedy,
      '',
    ]),
  ]
  return csv(['kind', 'id', 'name', 'unit', 'p50', 'p90', 'p95', 'note', 'grade'], rows)
}
