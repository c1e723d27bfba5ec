import { cameraCount } from '../inputs/check.ts'
import type { PlanInputs, PlanRequest } from '../inputs/types.ts'
import { billOf, costsOf, powerOf } from '../model/bill.ts'
import { type Drawn, SiteLoads } from '../model/loads.ts'
import { rawNeed, sizeCards, sizeDisks, sizeNodes } from '../model/sizing.ts'
import { drawNormals, type Normals } from '../uncertainty/draws.ts'
import { middleAndHigh } from '../uncertainty/quantiles.ts'
import { type Adaptation, ArchitectureLoads } from './architecture-loads.ts'
import { rowsOf } from './rows.ts'
import { siteOf } from './site-of.ts'
import type { Architecture, ArchitectureId, ArchitectureResult, CompareRow, Comparison, RowId, Span } from './types.ts'

/** The site in each of the architectures, and in each row the best of them. */
export function compareSite(
  request: PlanRequest,
  architectures: readonly Architecture[],
  adaptation: Adaptation,
): Pick<Comparison, 'cameras' | 'currency' | 'years' | 'rows' | 'architectures' | 'best'> {
  const { inputs } = request
  const cameras = cameraCount(inputs)
  const rows = rowsOf(inputs.prices.years)
  const normals = drawNormals(inputs.draws, inputs.seed)
  const loads = new SiteLoads(inputs, normals)
  const site = { request, cameras, normals, loads, adaptation, ...recordingOf(inputs, loads, cameras) }
  const results = architectures.map(architecture => architectureResult(site, architecture))
  return {
    cameras,
    currency: inputs.prices.currency,
    years: inputs.prices.years,
    rows,
    architectures: results,
    best: bestOf(rows, results),
  }
}

/** What is the same in every architecture: the same cameras are recorded for as long. */
function recordingOf(inputs: PlanInputs, loads: SiteLoads, cameras: number) {
  const disks = sizeDisks(inputs, loads, cameras)
  const span = (of: Drawn) => middleAndHigh(loads.values(of))
  const recording = {
    'ingest.recording.day': span(loads.recordingByDay(cameras)),
    'ingest.recording.night': span(loads.recordingAtNight(cameras)),
    'cpu.recording': span(loads.recordingCpu(cameras)),
    'cpu.relay': span(loads.relayCpu()),
    'disk.write': span(loads.diskWrite(cameras)),
    'storage.raw': span(scaled(loads.video(cameras), bytes => rawNeed(inputs, bytes))),
    disks: certain(disks.disks),
  }
  return { disks, recording }
}

interface Site extends ReturnType<typeof recordingOf> {
  readonly request: PlanRequest
  readonly cameras: number
  readonly normals: Normals
  readonly loads: SiteLoads
  readonly adaptation: Adaptation
}

function architectureResult(of: Site, architecture: Architecture): ArchitectureResult {
  const { cameras, normals, disks, recording } = of
  const site = siteOf(of.request, architecture, of.adaptation)
  const { inputs } = site
  const loads = new ArchitectureLoads(architecture, { ...of, shared: of.loads, inputs })
  const nodes = sizeNodes(inputs, loads, cameras)
  const encoder = sizeCards(inputs, loads, cameras)
  const hardware = { disks, nodes, encoder, cameras }
  const bill = billOf(site, hardware, normals)
  const costs = costsOf(inputs, hardware, normals)
  const watts = powerOf(inputs, hardware).reduce((sum, part) => sum + part.watts, 0)
  const span = (drawn: Drawn) => middleAndHigh(loads.values(drawn))
  const { id, name, idea, givesUp } = architecture
  return {
    id,
    name,
    idea,
    givesUp,
    figures: {
      ...recording,
      'ingest.viewing': span(loads.viewing(cameras)),
      uplink: span(scaled(loads.uplink(cameras), rate => rate * inputs.nodes.zones)),
      'relay.out': span(loads.relayed()),
      streams: span(loads.watched(cameras)),
      'cpu.transcoding': span(loads.transcodingCpu(cameras)),
      cards: certain(encoder.cards),
      nodes: certain(nodes.nodes),
      power: certain(watts),
      'cost.once': middleAndHigh(costs.once),
      'cost.yearly': middleAndHigh(costs.yearly),
      'cost.total': middleAndHigh(costs.total),
    },
    accelerator: inputs.encoder.accelerator,
    zones: inputs.nodes.zones,
    nodes,
    bill: bill.lines,
    missing: bill.missing,
  }
}

/** What is sized is sized for P95, and is one number. */
function certain(value: number): Span {
  return { p50: value, p95: value }
}

function scaled(of: Drawn, by: (value: number) => number): Drawn {
  return draw => by(of(draw))
}

/** Figures that differ by less are the same to a person. */
const SAME = 0.001

/** The least of each row, in all those that do not all have it. */
function bestOf(
  rows: readonly CompareRow[],
  results: readonly ArchitectureResult[],
): Partial<Record<RowId, ArchitectureId[]>> {
  return Object.fromEntries(
    rows.flatMap(({ id }) => {
      const least = Math.min(...results.map(({ figures }) => figures[id].p50))
      const best = results.filter(({ figures }) => figures[id].p50 <= least * (1 + SAME)).map(result => result.id)
      return best.length === results.length ? [] : [[id, best]]
    }),
  )
}
