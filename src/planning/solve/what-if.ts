import type { FigureId, FigureUnit, PlanResult } from '../model/types.ts'

/** One number of two plans, side by side. */
export interface Change {
  readonly what: string
  readonly unit: FigureUnit | 'pieces' | 'days'
  readonly before: number | null
  readonly after: number | null
}

const DAY = 86_400_000

/** What differs between two plans: figures at P50 and P95, what is to be bought, and where they break. */
export function changesOf(before: PlanResult, after: PlanResult): Change[] {
  const figures = before.figures.flatMap(({ id, name, unit }) =>
    (['p50', 'p95'] as const).map(quantile => ({
      what: `${name}, ${quantile.toUpperCase()}`,
      unit,
      before: figureOf(before, id)[quantile],
      after: figureOf(after, id)[quantile],
    })),
  )
  const pieces = (what: string, of: (plan: PlanResult) => number | null, unit: Change['unit'] = 'pieces') => ({
    what,
    unit,
    before: of(before),
    after: of(after),
  })
  const all: Change[] = [
    pieces('cameras', plan => plan.cameras, 'cameras'),
    pieces('watched at once, P95', plan => plan.watched.p95, 'streams'),
    ...figures,
    pieces('disks', plan => plan.disks.disks),
    pieces(
      'retention held, P95',
      plan => (plan.disks.retention === null ? null : plan.disks.retention.p95 / DAY),
      'days',
    ),
    pieces('nodes', plan => plan.nodes.nodes),
    pieces('cards', plan => plan.encoder.cards),
    pieces('most cameras, P95', plan => plan.most, 'cameras'),
  ]
  return all.filter(change => change.before !== change.after)
}

function figureOf(plan: PlanResult, id: FigureId) {
  return plan.figures.find(figure => figure.id === id)!
}

/** Settings that differ, as people write them. */
export function settingsChanged(
  before: PlanResult,
  after: PlanResult,
): { key: string; before: string; after: string }[] {
  const keys = new Set([...Object.keys(before.origins), ...Object.keys(after.origins)])
  return [...keys].flatMap(key => {
    const [from, to] = [before.origins[key]?.text ?? '', after.origins[key]?.text ?? '']
    return from === to ? [] : [{ key, before: from, after: to }]
  })
}
