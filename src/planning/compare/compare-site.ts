import { cameraCount } from '../inputs/check.ts'
import type { PlanRequest } from '../inputs/types.ts'
import { billOf, costsOf, powerOf } from '../model/bill.ts'
import { SiteLoads } from '../model/loads.ts'
import { rawNeed, sizeCards, sizeDisks, sizeNodes } from '../model/sizing.ts'
import { drawNormals, type Normals } from '../uncertainty/draws.ts'
import { summarise } from '../uncertainty/quantiles.ts'
import { type Adaptation, ArchitectureLoads } from './architecture-loads.ts'
import { ROWS } from './rows.ts'
import { siteOf } from './site-of.ts'
import type { Architecture, ArchitectureId, ArchitectureResult, Comparison, RowId, Span } from './types.ts'

/** The site in each of the architectures, and in each row the best of them. */
export function compareSite(
  request: PlanRequest,
  architectures: readonly Architecture[],
  adaptation: Adaptation,
): Pick<Comparison, 'cameras' | 'currency' | 'years' | 'rows' | 'architectures' | 'best'> {
  const { inputs } = request
  const normals = drawNormals(inputs.draws, inputs.seed)
  const shared = new SiteLoads(inputs, normals)
  const same = new Map<string, Float64Array>()
  const results = architectures.map(one => architectureResult(request, one, { normals, shared, same, adaptation }))
  return {
    cameras: cameraCount(inputs),
    currency: inputs.prices.currency,
    years: inputs.prices.years,
    rows: ROWS,
    architectures: results,
    best: bestOf(results),
  }
}

function architectureResult(
  request: PlanRequest,
  architecture: Architecture,
  of: { normals: Normals; shared: SiteLoads; same: Map<string, Float64Array>; adaptation: Adaptation },
): ArchitectureResult {
  const site = siteOf(request, architecture, of.adaptation)
  const { inputs } = site
  const cameras = cameraCount(inputs)
  const loads = new ArchitectureLoads(architecture, { ...of, inputs, cameras })
  const disks = sizeDisks(inputs, loads, cameras)
  const nodes = sizeNodes(inputs, loads, cameras)
  const encoder = sizeCards(inputs, loads, cameras)
  const hardware = { disks, nodes, encoder, cameras }
  const bill = billOf(site, hardware, of.normals)
  const costs = costsOf(inputs, hardware, of.normals)
  const watts = powerOf(inputs, hardware).reduce((sum, part) => sum + part.watts, 0)
  const values: Readonly<Record<RowId, Float64Array | number>> = {
    'ingest.recording.day': loads.recordingByDay(cameras),
    'ingest.recording.night': loads.recordingAtNight(cameras),
    'ingest.viewing': loads.viewing(cameras),
    uplink: loads.uplink(cameras).map(rate => rate * inputs.nodes.zones),
    'relay.out': loads.relayed(),
    streams: loads.watched(cameras),
    'cpu.recording': loads.recordingCpu(cameras),
    'cpu.relay': loads.relayCpu(),
    'cpu.transcoding': loads.transcodingCpu(cameras),
    cards: encoder.cards,
    'disk.write': loads.diskWrite(cameras),
    'storage.raw': loads.video(cameras).map(bytes => rawNeed(inputs, bytes)),
    disks: disks.disks,
    nodes: nodes.nodes,
    power: watts,
    'cost.once': costs.once,
    'cost.yearly': costs.yearly,
    'cost.total': costs.total,
  }
  const { id, name, idea, givesUp } = architecture
  return {
    id,
    name,
    idea,
    givesUp,
    figures: Object.fromEntries(ROWS.map(row => [row.id, spanOf(values[row.id])])) as Record<RowId, Span>,
    accelerator: inputs.encoder.accelerator,
    zones: inputs.nodes.zones,
    nodes,
    bill: bill.lines,
    missing: bill.missing,
  }
}

/** What is sized is sized for P95, and is one number. */
function spanOf(values: Float64Array | number): Span {
  if (typeof values === 'number') return { p50: values, p95: values }
  const { p50, p95 } = summarise(values)
  return { p50, p95 }
}

/** Figures that differ by less are the same to a person. */
const SAME = 0.001

/** The least of each row, in all those that do not all have it. */
function bestOf(results: readonly ArchitectureResult[]): Partial<Record<RowId, ArchitectureId[]>> {
  return Object.fromEntries(
    ROWS.flatMap(({ id }) => {
      const least = Math.min(...results.map(({ figures }) => figures[id].p50))
      const best = results.filter(({ figures }) => figures[id].p50 <= least * (1 + SAME)).map(result => result.id)
      return best.length === results.length ? [] : [[id, best]]
    }),
  )
}
