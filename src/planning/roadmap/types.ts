import type { ArchitectureId, RowId, Span } from '../compare/types.ts'
import type { FigureUnit } from '../model/types.ts'

/** Of what `vmsctl roadmap --json` writes. A change that an old reader would misunderstand raises it. */
export const ROADMAP_VERSION = 1

/** One figure before a step, after it, and at the start of the road. */
export interface Change {
  readonly id: RowId
  readonly name: string
  readonly unit: FigureUnit | 'pieces'
  readonly before: Span
  readonly after: Span
  /** Shares saved at P50, by this step and since the start; null where there was nothing. Less than 0 is more than before. */
  readonly saved: number | null
  readonly savedSinceStart: number | null
}

/** What is bought, or no longer needed (less than 0), against the step before. `amount` is null without a price. */
export interface Purchase {
  readonly name: string
  readonly quantity: number
  readonly unit: string
  readonly amount: number | null
}

export interface Proof {
  readonly command: string
  readonly shows: string
}

export interface RoadmapStep {
  readonly id: ArchitectureId
  readonly phase: 1 | 2 | 3
  readonly weeks: string
  readonly name: string
  readonly idea: string
  /** What the owner's document promises (S8), and what it comes to at this site. */
  readonly claim: string
  readonly found: string
  readonly changes: readonly Change[]
  readonly purchases: readonly Purchase[]
  readonly risk: string
  readonly proofs: readonly Proof[]
}

export interface Roadmap {
  readonly kind: 'vmsctl-roadmap'
  readonly version: typeof ROADMAP_VERSION
  readonly vmsctl: string
  readonly cameras: number
  readonly currency: string
  readonly years: number
  readonly steps: readonly RoadmapStep[]
  /** From the start of the road to its end. */
  readonly total: readonly Change[]
  readonly notes: readonly string[]
}
