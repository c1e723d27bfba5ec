import { didYouMean } from '../../config/suggest.ts'
import { VmsError } from '../../kernel/errors.ts'
import { ARCHITECTURES } from './architectures.ts'
import { AVAILABILITY } from './availability.ts'
import { COST } from './cost.ts'
import { DISKS } from './disks.ts'
import { ENCODER } from './encoder.ts'
import type { Formula } from './formula.ts'
import { NETWORK } from './network.ts'
import { POOLS } from './pools.ts'
import { STORAGE } from './storage.ts'
import { UNCERTAINTY } from './uncertainty.ts'
import { VIEWERS } from './viewers.ts'

/** Every formula of the planner, in the order of the documentation. */
export const FORMULAS: readonly Formula[] = [
  ...STORAGE,
  ...DISKS,
  ...NETWORK,
  ...VIEWERS,
  ...POOLS,
  ...AVAILABILITY,
  ...COST,
  ...UNCERTAINTY,
  ...ENCODER,
  ...ARCHITECTURES,
]

/** The first word of an id: `storage`. */
function groupOf(id: string): string {
  return id.slice(0, id.indexOf('.'))
}

/** Formulas by group, all of them or those of one group. */
export function formulaGroups(only?: string): Map<string, Formula[]> {
  const groups = Map.groupBy(FORMULAS, ({ id }) => groupOf(id))
  const one = only === undefined ? undefined : groups.get(only)
  return one === undefined ? groups : new Map([[only!, one]])
}

/** Is this a group rather than a formula? */
export function isGroup(word: string): boolean {
  return FORMULAS.some(({ id }) => groupOf(id) === word)
}

/** The formula of an id; case does not matter. Throws VMS_E_FORMULA_NOT_FOUND with the nearest id. */
export function findFormula(id: string): Formula {
  const found = FORMULAS.find(each => each.id === id.toLowerCase())
  if (found) return found
  const hint = didYouMean(
    id,
    FORMULAS.map(each => each.id),
  )
  throw new VmsError('VMS_E_FORMULA_NOT_FOUND', `no formula is called ${JSON.stringify(id.slice(0, 60))}`, {
    ...(hint === undefined ? {} : { hint }),
  })
}
