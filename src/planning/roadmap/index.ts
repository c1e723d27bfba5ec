/* The owner's phases (S8) for this site: what each saves, costs and risks, and what proves it. */

import type { Adaptation } from '../compare/index.ts'
import {
  ARCHITECTURES,
  type ArchitectureResult,
  type Comparison,
  compareArchitectures,
  type RowId,
} from '../compare/index.ts'
import type { PlanRequest } from '../inputs/types.ts'
import { share } from '../model/words.ts'
import { type PlannedStep, STEPS } from './steps.ts'
import { type Change, type Purchase, ROADMAP_VERSION, type Roadmap, type RoadmapStep } from './types.ts'

export type * from './types.ts'

/** Figures that a step can change. */
const TOLD: readonly RowId[] = [
  'ingest.viewing',
  'uplink',
  'relay.out',
  'cpu.transcoding',
  'nodes',
  'power',
  'cost.total',
]

/** All of `vmsctl roadmap`: each architecture of `compare` against the one before it. Pure. */
export function roadmapOf(request: PlanRequest, of: { adaptation: Adaptation; vmsctl: string }): Roadmap {
  const comparison = compareArchitectures(request, { ...of, architectures: ARCHITECTURES })
  const { architectures, cameras, currency, years } = comparison
  const start = architectures[0]!
  const steps = STEPS.map(step => {
    const at = architectures.findIndex(({ id }) => id === step.id)
    return stepOf(step, comparison, { start, before: architectures[at - 1]!, after: architectures[at]! })
  })
  return {
    kind: 'vmsctl-roadmap',
    version: ROADMAP_VERSION,
    vmsctl: of.vmsctl,
    cameras,
    currency,
    years,
    steps,
    total: changesOf(comparison, { start, before: start, after: architectures.at(-1)! }),
    notes: [
      ...comparison.notes,
      'Each phase is done when the load tests of S9 pass: 50 viewers, 200 viewers, and a node that dies, whose cameras record again within 60 s.',
    ],
  }
}

interface Compared {
  readonly start: ArchitectureResult
  readonly before: ArchitectureResult
  readonly after: ArchitectureResult
}

function stepOf(step: PlannedStep, comparison: Comparison, compared: Compared): RoadmapStep {
  const { before, after } = compared
  const { id, phase, weeks, claim, risk, proofs, judgedBy, judged } = step
  const sum = ({ figures }: ArchitectureResult) => judgedBy.reduce((total, row) => total + figures[row].p50, 0)
  return {
    id,
    phase,
    weeks,
    name: after.name,
    idea: after.idea,
    claim,
    found: foundOf(savedShare(sum(before), sum(after)), judged),
    changes: changesOf(comparison, compared),
    purchases: purchasesOf(before, after),
    risk,
    proofs,
  }
}

function foundOf(saved: number | null, judged: string): string {
  if (saved === null) return `nothing: there is none ${judged} to save`
  if (Math.abs(saved) < 0.001) return `nothing ${judged}`
  return saved > 0 ? `${share(saved)} ${judged}` : `${share(-saved)} more ${judged}`
}

function changesOf({ rows }: Comparison, { start, before, after }: Compared): Change[] {
  return TOLD.map(id => {
    const { name, unit } = rows.find(row => row.id === id)!
    const [first, was, is] = [start.figures[id], before.figures[id], after.figures[id]]
    return {
      id,
      name,
      unit,
      before: was,
      after: is,
      saved: savedShare(was.p50, is.p50),
      savedSinceStart: savedShare(first.p50, is.p50),
    }
  })
}

function savedShare(was: number, is: number): number | null {
  return was === 0 ? null : 1 - is / was
}

/** What the bill has more or less of. Energy is no purchase. */
function purchasesOf(before: ArchitectureResult, after: ArchitectureResult): Purchase[] {
  const names = [
    ...new Set([...before.bill, ...after.bill].filter(({ when }) => when === 'once').map(({ name }) => name)),
  ]
  return names.flatMap(name => {
    const [was, is] = [before, after].map(({ bill }) => bill.find(line => line.name === name))
    const quantity = (is?.quantity ?? 0) - (was?.quantity ?? 0)
    if (quantity === 0) return []
    const { unit, price } = (is ?? was)!
    return [{ name, quantity, unit, amount: price === null ? null : quantity * price }]
  })
}
