import { formatBitRate } from '../../kernel/units.ts'
import type { PlanRequest } from '../inputs/types.ts'
import { share } from '../model/words.ts'
import type { Adaptation } from './architecture-loads.ts'
import type { ArchitectureId, ArchitectureResult } from './types.ts'

/** What a person must know to read the table, one sentence each. */
export function notesOf(
  { inputs }: PlanRequest,
  results: readonly ArchitectureResult[],
  { still, kept }: Adaptation,
): string[] {
  const of = (id: ArchitectureId) => results.find(result => result.id === id)?.figures
  const [naive, demand, edge] = [of('naive'), of('on-demand'), of('edge')]
  const notes: string[] = []
  if (naive && demand && naive.uplink.p50 > 0)
    notes.push(
      `On demand takes ${formatBitRate(naive['ingest.viewing'].p50 - demand['ingest.viewing'].p50)} off what comes in, ${share(1 - demand.uplink.p50 / naive.uplink.p50)} of it: main streams are recorded all the time, and they are the most.`,
    )
  if (edge && demand && demand.uplink.p50 > 0)
    notes.push(
      `At the edge as much is recorded, but ${share(1 - edge.uplink.p50 / demand.uplink.p50)} less crosses the uplinks.`,
    )
  const { transcode } = inputs.work
  notes.push(
    transcode > 0
      ? `${share(transcode)} of the watched sub-streams are taken as transcoded, as the owner's document has it. Where cameras have sub-streams that viewers can show, vmsctl passes them on: --transcode 0% takes transcoding CPU and cards out of every column.`
      : "The cameras' own sub-streams are passed on (--transcode 0%), so a card saves nothing.",
  )
  if (of('adaptive'))
    notes.push(
      `Adaptive: ${share(still)} of what is watched is taken as still (--still), and left ${share(kept)} of its bit rate (S4); the camera goes on sending all of it.`,
    )
  if (edge)
    notes.push(
      'Edge: each zone has at least one node, and none at the centre is counted beside the spares. A zone is 40 cameras (S5) unless --zones says otherwise.',
    )
  const missing = [...new Set(results.flatMap(result => result.missing))]
  if (missing.length > 0) notes.push(`Not in the costs, for want of a price: ${missing.join(', ')}.`)
  return notes
}
