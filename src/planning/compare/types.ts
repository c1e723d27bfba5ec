import type { Grade, Source } from '../grade.ts'
import type { BillLine, FigureUnit, NodePlan } from '../model/types.ts'

/** Of what `vmsctl compare --json` writes. A change that an old reader would misunderstand raises it. */
export const COMPARISON_VERSION = 1

export type ArchitectureId = 'naive' | 'on-demand' | 'on-demand-hardware' | 'shared-relay' | 'adaptive' | 'edge'

/** One way to build the site. Each adds its idea to the one before it. */
export interface Architecture {
  readonly id: ArchitectureId
  readonly name: string
  /** What it does, in one sentence, and what one gives up for it. */
  readonly idea: string
  readonly givesUp: string
  /** Sub-streams run whether somebody watches or not. */
  readonly alwaysOn?: true
  readonly hardware?: true
  /** A relay near the viewers takes each stream once. */
  readonly sharedDelivery?: true
  readonly adaptive?: true
  readonly edge?: true
}

export interface Span {
  readonly p50: number
  readonly p95: number
}

/** What architectures are compared by. Bit/s, cores, bytes and so on, as {@link CompareRow.unit} says. */
export type RowId =
  | 'ingest.recording.day'
  | 'ingest.recording.night'
  | 'ingest.viewing'
  | 'uplink'
  | 'relay.out'
  | 'streams'
  | 'cpu.recording'
  | 'cpu.relay'
  | 'cpu.transcoding'
  | 'cards'
  | 'disk.write'
  | 'storage.raw'
  | 'disks'
  | 'nodes'
  | 'power'
  | 'cost.once'
  | 'cost.yearly'
  | 'cost.total'

export interface CompareRow {
  readonly id: RowId
  readonly name: string
  readonly unit: FigureUnit | 'pieces'
}

export interface ArchitectureResult {
  readonly id: ArchitectureId
  readonly name: string
  readonly idea: string
  readonly givesUp: string
  readonly figures: Readonly<Record<RowId, Span>>
  /** Card that transcodes, `none` without one. */
  readonly accelerator: string
  readonly zones: number
  readonly nodes: NodePlan
  readonly bill: readonly BillLine[]
  /** What has no price and is left out of the costs. */
  readonly missing: readonly string[]
}

/** One line of the owner's table: as it stands in the document, and with costs that were measured. Null where it says nothing. */
export interface DocumentedRow {
  readonly id: string
  readonly name: string
  readonly unit: FigureUnit | 'pieces' | 'share'
  readonly original: { readonly documented: number | null; readonly measured: number | null }
  readonly optimised: { readonly documented: number | null; readonly measured: number | null }
  readonly note: string
}

/** The comparison function of the owner's document for this number of cameras. Shares are 0 to 1, money in dollars. */
export interface DocumentedComparison {
  readonly cameras: number
  readonly rows: readonly DocumentedRow[]
  readonly savings: {
    readonly documented: { readonly bandwidth: number; readonly cpu: number; readonly cost: number }
    readonly measured: { readonly bandwidth: number; readonly cpu: number; readonly cost: number }
  }
  /** What the measured columns rest on. */
  readonly costs: readonly {
    readonly name: string
    readonly cores: number
    readonly grade: Grade
    readonly source: Source
  }[]
}

/** Two statements of the document that cannot both hold, or one that its own arithmetic denies. */
export interface Contradiction {
  readonly id: string
  readonly title: string
  /** What it says, with the part that says it. */
  readonly says: string
  readonly against: string
  readonly explanation: string
}

export interface Comparison {
  readonly kind: 'vmsctl-comparison'
  readonly version: typeof COMPARISON_VERSION
  readonly vmsctl: string
  readonly cameras: number
  readonly currency: string
  readonly years: number
  readonly rows: readonly CompareRow[]
  readonly architectures: readonly ArchitectureResult[]
  /** Ids of the best in each row that tells them apart. */
  readonly best: Readonly<Partial<Record<RowId, readonly ArchitectureId[]>>>
  readonly documented: DocumentedComparison
  readonly contradictions: readonly Contradiction[]
  readonly notes: readonly string[]
}
