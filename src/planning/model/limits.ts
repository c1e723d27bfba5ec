import { formatBitRate, formatSize } from '../../kernel/units.ts'
import { MOST_CAMERAS } from '../inputs/camera-settings.ts'
import { cameraCount } from '../inputs/check.ts'
import type { PlanInputs } from '../inputs/types.ts'
import { mostWithin } from '../solve/search.ts'
import { raidName } from '../storage/raid.ts'
import type { Normals } from '../uncertainty/draws.ts'
import type { Hardware } from './bill.ts'
import { SiteLoads } from './loads.ts'
import { sizeCards, sizeDisks, sizeNodes } from './sizing.ts'
import type { FigureUnit, Limit, ResourceId } from './types.ts'
import { grouped, plural, retentionText } from './words.ts'

interface Resource {
  readonly resource: ResourceId
  readonly name: string
  readonly unit: FigureUnit
  readonly capacity: number
  readonly sized: boolean
  readonly remedy: string
  /** What so many cameras need of it, P95; grows with them. */
  readonly need: (cameras: number) => number
}

/** Limits are looked for up to so many cameras, or four times as many as there are: what breaks beyond breaks last. */
const LEAST_REACH = 16_384

function reachOf(cameras: number): number {
  return Math.min(MOST_CAMERAS, Math.max(LEAST_REACH, 4 * cameras))
}

/** Every resource with how far it goes, first the one that breaks first. */
export function limitsOf(inputs: PlanInputs, loads: SiteLoads, hardware: Hardware): Limit[] {
  const { cameras, nodes } = hardware
  const reach = reachOf(cameras)
  // What is sized for nothing is no limit.
  const resources = resourcesOf(inputs, loads, hardware).filter(({ sized }) => !(sized && nodes.nodes === 0))
  const limits = resources.map(({ need, ...rest }): Limit => {
    const now = need(cameras)
    const most = mostWithin(need, rest.capacity, {
      from: 0,
      to: reach,
      guess: now > 0 ? (cameras * rest.capacity) / now : 1,
    })
    const unlimited = most === reach
    return {
      ...rest,
      need: now,
      cameras: unlimited ? null : most,
      years: unlimited ? null : yearsUntil(cameras, most, inputs.growth),
    }
  })
  const most = (limit: Limit) => limit.cameras ?? Number.POSITIVE_INFINITY
  return limits.sort((a, b) => most(a) - most(b) || b.need / b.capacity - a.need / a.capacity)
}

/**
 * How full the fullest resource is that is given and not sized, at P95: 1 is full, infinite when nothing of it is there. 0 when nothing
 * is given.
 */
export function fullestGiven(inputs: PlanInputs, normals: Normals): number {
  const loads = new SiteLoads(inputs, normals)
  const cameras = cameraCount(inputs)
  const hardware = {
    disks: sizeDisks(inputs, loads, cameras),
    nodes: sizeNodes(inputs, loads, cameras),
    encoder: sizeCards(inputs, loads, cameras),
    cameras,
  }
  const given = resourcesOf(inputs, loads, hardware).filter(({ sized }) => !sized)
  return given.reduce((most, { need, capacity }) => {
    const needed = need(cameras)
    return Math.max(most, needed === 0 ? 0 : needed / capacity)
  }, 0)
}

function yearsUntil(cameras: number, most: number, growth: number): number | null {
  if (growth === 0 || cameras === 0) return null
  return Math.max(0, Math.log(most / cameras) / Math.log1p(growth))
}

function resourcesOf(inputs: PlanInputs, loads: SiteLoads, { disks, nodes, encoder }: Hardware): Resource[] {
  const { network, storage, work } = inputs
  const nodesSized = inputs.nodes.nodes === null
  const disksSized = storage.disks === null
  const left = Math.max(0, nodes.nodes - nodes.spare)
  const each = left === 1 ? 'the working node' : `the ${left} working nodes`
  const after = nodes.spare > 0 ? `${each} of ${nodes.nodes}` : each
  const resources: Resource[] = [
    {
      resource: 'nic',
      name: `the ${formatBitRate(network.nic)} network ${left === 1 ? 'card' : 'cards'} of ${after}`,
      unit: 'bit/s',
      capacity: left * network.nic * network.load,
      sized: nodesSized,
      remedy: 'a faster --nic, or more --nodes',
      need: count => loads.p95(loads.network(count)),
    },
    {
      resource: 'cpu',
      name: `the ${left * inputs.nodes.cores} cores of ${after}`,
      unit: 'cores',
      capacity: left * inputs.nodes.cores * inputs.nodes.cpuLoad,
      sized: nodesSized,
      remedy: 'more --cores or --nodes, or a card for transcodes',
      need: count => loads.p95(loads.cpu(count)),
    },
    {
      resource: 'memory',
      name: `the ${formatSize(left * inputs.nodes.memory)} of memory of ${after}`,
      unit: 'bytes',
      capacity: Math.max(0, left * (inputs.nodes.memory - work.baseMemory)),
      sized: nodesSized,
      remedy: 'more --memory or --nodes',
      need: count => loads.p95(loads.memory(count)),
    },
    {
      resource: 'nodes',
      name: `${grouped(inputs.nodes.cameras)} cameras a node, on ${after}`,
      unit: 'cameras',
      capacity: left * inputs.nodes.cameras,
      sized: nodesSized,
      remedy: 'more --nodes',
      need: count => count * loads.mix.recorded,
    },
    {
      resource: 'disk-space',
      name: `${retentionText(storage.retention)} on ${plural(disks.disks, 'disk')} of ${formatSize(disks.size)} (${raidName(storage.raid)})`,
      unit: 'bytes',
      capacity: disks.usable * (1 - storage.filesystem) * (1 - storage.free),
      sized: disksSized,
      remedy: 'more --disks, or less --retention',
      need: count => loads.p95(loads.video(count)),
    },
    {
      resource: 'disk-write',
      name: `the write speed of ${disks.data} data disks`,
      unit: 'bytes/s',
      capacity: disks.data * storage.diskWrite,
      sized: disksSized,
      remedy: 'more --disks',
      need: count => loads.p95(loads.diskWrite(count)),
    },
  ]
  if (network.uplink !== null) {
    const { zones } = inputs.nodes
    resources.push({
      resource: 'uplink',
      name: `the ${formatBitRate(network.uplink)} uplink${zones > 1 ? ' of each zone' : ''}`,
      unit: 'bit/s',
      capacity: network.uplink * network.load,
      sized: false,
      remedy: inputs.nodes.recordAt === 'edge' ? 'a faster --uplink' : 'a faster --uplink, or --record-at edge',
      need: count => loads.p95(loads.uplink(count)),
    })
  }
  if (work.transcode > 0 && inputs.encoder.accelerator !== 'none')
    resources.push({
      resource: 'encoder',
      name: `${encoder.cards} ${encoder.cards === 1 ? 'card' : 'cards'} of ${encoder.perCard} transcodes`,
      unit: 'streams',
      capacity: encoder.cards * encoder.perCard,
      sized: inputs.encoder.cards === null,
      remedy: "more --cards, or the cameras' own sub-streams",
      need: count => Math.ceil(loads.p95(loads.transcodes(count))),
    })
  return resources
}
