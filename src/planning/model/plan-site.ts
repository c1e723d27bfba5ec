import { cameraCount } from '../inputs/check.ts'
import type { PlanRequest } from '../inputs/types.ts'
import { drawNormals } from '../uncertainty/draws.ts'
import { billOf, powerOf } from './bill.ts'
import { figuresOf } from './figures.ts'
import { limitsOf } from './limits.ts'
import { SiteLoads } from './loads.ts'
import { notesOf } from './notes.ts'
import { sizeCards, sizeDisks, sizeNodes } from './sizing.ts'
import { PLAN_VERSION, type PlanResult } from './types.ts'
import { watchedStreams } from './watched.ts'

/**
 * What a site needs. Loads are drawn, what is not given is sized so that it carries P95, then everything is asked how far it goes. Pure:
 * the same inputs give the same result to the last digit. `vmsctl` is the version that stands in the plan.
 */
export function planSite(request: PlanRequest, vmsctl: string): PlanResult {
  const { inputs, origins } = request
  const cameras = cameraCount(inputs)
  const normals = drawNormals(inputs.draws, inputs.seed)
  const loads = new SiteLoads(inputs, normals)
  const watched = watchedStreams(inputs)
  const disks = sizeDisks(inputs, loads, cameras)
  const nodes = sizeNodes(inputs, loads, cameras)
  const encoder = sizeCards(inputs, loads, cameras)
  const hardware = { disks, nodes, encoder, cameras }
  const bill = billOf(request, hardware, normals)
  const limits = limitsOf(inputs, loads, hardware)
  return {
    kind: 'vmsctl-plan',
    version: PLAN_VERSION,
    vmsctl,
    inputs,
    origins,
    cameras,
    figures: figuresOf(request, loads, hardware, watched, normals),
    watched,
    disks,
    nodes,
    encoder,
    power: powerOf(inputs, hardware).filter(({ watts }) => watts > 0),
    bill,
    limits,
    most: limits[0]?.cameras ?? null,
    notes: notesOf(inputs, hardware, limits, bill.missing),
  }
}
