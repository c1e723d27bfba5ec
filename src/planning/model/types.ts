import type { Grade } from '../grade.ts'
import type { Origin } from '../inputs/origin.ts'
import type { PlanInputs } from '../inputs/types.ts'

/** Of plan files. A change that an old reader would misunderstand raises it. */
export const PLAN_VERSION = 1

export type FigureUnit =
  | 'bit/s'
  | 'bytes'
  | 'bytes/day'
  | 'bytes/s'
  | 'cores'
  | 'streams'
  | 'watts'
  | 'IOPS'
  | 'money'
  | 'cameras'

/** What is uncertain in the answer, and how the plan is read: half of such sites need less than `p50`. */
export interface Figure {
  readonly id: FigureId
  readonly name: string
  readonly unit: FigureUnit
  readonly mean: number
  readonly p50: number
  readonly p90: number
  readonly p95: number
  /** One clause: what makes it as large as it is. */
  readonly decides: string
  /** The weakest grade among the inputs that matter. */
  readonly grade: Grade
  /** The three inputs that spread it most, widest first. */
  readonly spread: readonly Swing[]
}

export type FigureId =
  | 'ingest.recording.day'
  | 'ingest.recording.night'
  | 'ingest.viewing'
  | 'uplink'
  | 'relay.out'
  | 'storage.daily'
  | 'storage.video'
  | 'storage.raw'
  | 'cpu.recording'
  | 'cpu.relay'
  | 'cpu.transcoding'
  | 'memory'
  | 'disk.write'
  | 'power'
  | 'cost.once'
  | 'cost.yearly'
  | 'cost.total'

/** What one input alone does to a figure: its value with the input at P10 and at P90, all others at P50. */
export interface Swing {
  /** Key of the setting, such as `night-factor`. */
  readonly key: string
  readonly name: string
  readonly low: number
  readonly high: number
}

/** How many different cameras' sub-streams are open at once. */
export interface WatchedStreams {
  readonly mean: number
  readonly sd: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  /** The quantiles are of the exact distribution, not of a normal one in its place. */
  readonly exact: boolean
  /** Streams that are started in an hour. */
  readonly startsPerHour: number | null
}

export interface DiskPlan {
  /** Disks to buy, spares among them. */
  readonly disks: number
  readonly groups: number
  readonly spares: number
  /** Disks' worth of data: without parity, mirrors and spares. */
  readonly data: number
  /** Bytes of one disk, and of all groups behind RAID. */
  readonly size: number
  readonly usable: number
  /** Milliseconds of footage they hold at P50 and at P95 of the load; null when nothing is recorded. */
  readonly retention: { readonly p50: number; readonly p95: number } | null
  /** Milliseconds of a rebuild, and the chance of an unreadable sector in it. */
  readonly rebuild: number
  readonly unreadable: number
  /** Chance that at least one disk fails in a year. */
  readonly failure: number
  /** Bytes a year on one disk that holds data, P95, and what the maker rates it for. */
  readonly workload: number
  readonly workloadRating: number
  readonly writeIops: number
  readonly readIops: number
}

export interface NodePlan {
  /** With spares. */
  readonly nodes: number
  readonly spare: number
  /** Cameras of a node when all live, and when `spare` are dead. */
  readonly cameras: number
  readonly camerasAfterLoss: number
  /** Share of the P95 load that the surviving nodes can carry; under 1 the loss of a node costs footage. */
  readonly survives: number
  /** What made them so many: `cpu`, `memory`, `nic`, or `nodes` for the most cameras of one. */
  readonly decides: ResourceId
}

export interface EncoderPlan {
  /** Transcodes at once, P95. */
  readonly transcodes: number
  readonly cards: number
  /** Transcodes of one card, and whether its encoder or its decoder is the limit. */
  readonly perCard: number
  readonly decides: 'encode' | 'decode'
}

export interface BillLine {
  readonly name: string
  readonly quantity: number
  /** `piece`, `TB`, `kWh a year`. */
  readonly unit: string
  /** Price of one; null when nobody has said it. */
  readonly price: number | null
  /** Of the whole line: at P50 and P95. Null where there is no price. */
  readonly p50: number | null
  readonly p95: number | null
  readonly when: 'once' | 'yearly'
  readonly grade: Grade
  readonly source: string
}

export interface Bill {
  readonly currency: string
  readonly date: string
  readonly years: number
  readonly lines: readonly BillLine[]
  /** What is left out of the figures `cost.*` for want of a price, such as `nodes`. */
  readonly missing: readonly string[]
}

export type ResourceId = 'uplink' | 'nic' | 'disk-space' | 'disk-write' | 'cpu' | 'memory' | 'encoder' | 'nodes'

/** One resource: how much there is, how much is needed, and how far it goes. */
export interface Limit {
  readonly resource: ResourceId
  /** `the 1 Gbps uplink`. */
  readonly name: string
  readonly unit: FigureUnit
  readonly capacity: number
  /** P95 of what is needed of it now. */
  readonly need: number
  /** Cameras of this mix that it can carry at P95; null when that is more than 16,384 and than four times as many as there are. */
  readonly cameras: number | null
  /** Years until growth fills it; null without growth, or when it never does. */
  readonly years: number | null
  /** What would help. */
  readonly remedy: string
  /** The plan chose as many as are needed; otherwise they were given. */
  readonly sized: boolean
}

/** The answer. The same inputs give the same result to the last digit. */
export interface PlanResult {
  readonly kind: 'vmsctl-plan'
  readonly version: typeof PLAN_VERSION
  /** Version of the vmsctl that made it. */
  readonly vmsctl: string
  readonly inputs: PlanInputs
  readonly origins: Readonly<Record<string, Origin>>
  readonly cameras: number
  readonly figures: readonly Figure[]
  readonly watched: WatchedStreams
  readonly disks: DiskPlan
  readonly nodes: NodePlan
  readonly encoder: EncoderPlan
  /** Watts at P50 by part. */
  readonly power: readonly { readonly name: string; readonly watts: number }[]
  readonly bill: Bill
  /** First the one that breaks first. */
  readonly limits: readonly Limit[]
  /** Cameras of this mix that everything can carry at P95; null for no end. */
  readonly most: number | null
  /** One sentence each, for people. */
  readonly notes: readonly string[]
}
