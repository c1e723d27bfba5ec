import type { PlanResult } from '../../planning/model/types.ts'
import { grouped } from '../../planning/model/words.ts'
import type { Solution } from '../../planning/solve/solve.ts'
import { renderTable } from '../table.ts'
import { formatFigure } from './plan-values.ts'
import { subject } from './plan-view.ts'

/** The number that was looked for, and how full everything is with it. */
export function renderSolution({ key, text, possible, unlimited }: Solution, plan: PlanResult): string {
  const { currency } = plan.inputs.prices
  const given = plan.limits.filter(limit => !limit.sized)
  const fullest = given.reduce(
    (most, limit) => (limit.need / limit.capacity > most.need / most.capacity ? limit : most),
    given[0]!,
  )
  const answer = !possible
    ? `No ${key} will do: ${fullest.name} is not enough.`
    : unlimited
      ? `${key} ${text}: nothing that is given limits it.`
      : `${key} ${text}: ${fullest.name} decides.`
  const rows = plan.limits.map(({ name, unit, need, capacity, sized, cameras }) => [
    name,
    formatFigure(need, unit, currency),
    formatFigure(capacity, unit, currency),
    capacity > 0 ? `${Math.round((need / capacity) * 100)} %` : '-',
    cameras === null ? 'far more' : grouped(cameras),
    sized ? 'sized here' : 'given',
  ])
  return [answer, subject(plan), renderTable(['', 'needed (P95)', 'there', 'full', 'cameras at most', ''], rows)].join(
    '\n',
  )
}
