import { formatBitRate, formatDuration, formatSize } from '../../kernel/units.ts'
import { availabilityKOfN } from '../availability/k-of-n.ts'
import type { PlanInputs } from '../inputs/types.ts'
import type { Hardware } from './bill.ts'
import type { Limit } from './types.ts'
import { plural, retentionText, share } from './words.ts'

/** Above this chance of an unreadable sector in a rebuild it is told. */
const TOLD_UNREADABLE = 0.01
/** Availability of one node, for what the spare is worth. */
const NODE_UP = 0.995

/** What a person should know beside the table, one sentence each. */
export function notesOf(
  inputs: PlanInputs,
  hardware: Hardware,
  limits: readonly Limit[],
  missing: readonly string[],
): string[] {
  const { disks, nodes, cameras } = hardware
  const { storage } = inputs
  const notes: string[] = []
  if (cameras === 0) notes.push('No cameras: nothing is needed. Say --cameras, or name a table with --from-csv.')
  const given = limits.find(limit => !limit.sized && limit.need > limit.capacity)
  if (given)
    notes.push(`${capital(given.name)} is too little for ${plural(cameras, 'camera')} at P95: take ${given.remedy}.`)
  if (storage.disks !== null && disks.retention && disks.retention.p95 < storage.retention)
    notes.push(
      `${disks.disks} disks of ${formatSize(disks.size)} hold ${retentionText(disks.retention.p50)} at P50 and ${retentionText(disks.retention.p95)} at P95, not ${retentionText(storage.retention)}.`,
    )
  if (disks.workload > disks.workloadRating)
    notes.push(
      `Each disk would write ${formatSize(disks.workload)} a year (P95), and its maker rates it for ${formatSize(disks.workloadRating)}: take more disks.`,
    )
  if (disks.data > 0 && ['raid1', 'raid5', 'raid10'].includes(storage.raid) && disks.unreadable > TOLD_UNREADABLE)
    notes.push(
      `A rebuild takes ${formatDuration(disks.rebuild)} and meets an unreadable sector with a chance of ${share(disks.unreadable)}, which nothing repairs: take RAID-6.`,
    )
  if (storage.raid === 'none' && disks.disks > 0)
    notes.push(
      `Without RAID a failed disk takes its footage along; ${share(disks.failure)} is the chance of one in a year.`,
    )
  if (nodes.spare > 0 && nodes.nodes > 0) {
    const up = availabilityKOfN({ k: nodes.nodes - nodes.spare, n: nodes.nodes, each: NODE_UP })
    notes.push(
      `${plural(nodes.nodes, 'node')}, of which ${nodes.spare} may die: at 99.5 % each, enough of them are up ${Number((up * 100).toFixed(4))} % of the time; ${plural(nodes.camerasAfterLoss, 'camera')} on each that is left.`,
    )
  } else if (nodes.nodes > 0) notes.push('No spare node: when one dies its cameras are not recorded until it is back.')
  if (nodes.survives < 1)
    notes.push(`When ${nodes.spare} of the nodes are dead the others carry ${share(nodes.survives)} of the load (P95).`)
  if (missing.length > 0)
    notes.push(
      `Not in the bill, for want of a price: ${missing.join(', ')} (${missing.map(name => `--price-${name.replace(/s$/, '')}`).join(', ')}).`,
    )
  if (inputs.network.uplink !== null && inputs.nodes.zones > 1)
    notes.push(
      `Each of ${inputs.nodes.zones} zones has an uplink of ${formatBitRate(inputs.network.uplink)}; cameras and viewers are taken as spread evenly.`,
    )
  return notes
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
