/* Architectures side by side, for this site and as the owner's document has them. */
import type { PlanRequest } from '../inputs/types.ts'
import type { Adaptation } from './architecture-loads.ts'
import { compareSite } from './compare-site.ts'
import { contradictions } from './contradictions.ts'
import { documentedComparison } from './documented.ts'
import { notesOf } from './notes.ts'
import { type Architecture, COMPARISON_VERSION, type Comparison } from './types.ts'

export type { Adaptation } from './architecture-loads.ts'
export { ARCHITECTURES, findArchitectures } from './architectures.ts'
export type * from './types.ts'

/** All of `vmsctl compare`. Pure: the same request gives the same figures. */
export function compareArchitectures(
  request: PlanRequest,
  of: { architectures: readonly Architecture[]; adaptation: Adaptation; vmsctl: string },
): Comparison {
  const site = compareSite(request, of.architectures, of.adaptation)
  return {
    kind: 'vmsctl-comparison',
    version: COMPARISON_VERSION,
    vmsctl: of.vmsctl,
    ...site,
    documented: documentedComparison(site.cameras),
    contradictions: contradictions(),
    notes: notesOf(request, site.architectures, of.adaptation),
  }
}
