import type { PlanResult } from '../../planning/model/types.ts'
import type { Change } from '../../planning/solve/what-if.ts'
import { PLAIN } from '../palette.ts'
import { renderTable } from '../table.ts'
import { difference } from './measured-view.ts'
import { formatFigure, rounded } from './plan-values.ts'
import { breaks } from './plan-view.ts'

/** Two plans side by side: what was set, and what changes by it. */
export function renderChanges(
  before: PlanResult,
  after: PlanResult,
  settings: readonly { key: string; before: string; after: string }[],
  changes: readonly Change[],
): string {
  if (settings.length === 0) return 'Nothing changes: the plan is that already.'
  const { currency } = after.inputs.prices
  const show = (value: number | null, unit: Change['unit']) => {
    if (value === null) return unit === 'cameras' ? 'no limit' : '-'
    return unit === 'pieces' || unit === 'days'
      ? `${rounded(value)}${unit === 'days' ? ' days' : ''}`
      : formatFigure(value, unit, currency)
  }
  const rows = changes.map(({ what, unit, before: from, after: to }) => [
    what,
    show(from, unit),
    show(to, unit),
    from !== null && to !== null && from > 0 ? difference(to, from) : '',
  ])
  const said = settings.map(({ key, before: from, after: to }) => `${key} ${from} -> ${to}`).join(', ')
  const table = rows.length === 0 ? 'No figure changes.' : renderTable(['', 'now', 'then', 'difference'], rows)
  return [`${said}.`, table, `Now.  ${breaks(before, PLAIN).join('')}`, `Then. ${breaks(after, PLAIN).join('')}`].join(
    '\n',
  )
}
