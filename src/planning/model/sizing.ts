import { encoderSessions } from '../encoder/sessions.ts'
import type { PlanInputs } from '../inputs/types.ts'
import { BITS_PER_BYTE, DAYS_PER_YEAR, SECONDS_PER_DAY } from '../periods.ts'
import { type DiskGroups, diskGroups, usualSpares } from '../storage/disk-groups.ts'
import { diskOperations, diskWorkload } from '../storage/disk-load.ts'
import { anyDiskFailure, readErrorProbability, rebuildSeconds } from '../storage/disk-risk.ts'
import { dataDisks, raidGroups } from '../storage/raid.ts'
import { requiredCapacity, retentionDays } from '../storage/volume.ts'
import { summarise } from '../uncertainty/quantiles.ts'
import type { SiteLoads } from './loads.ts'
import type { DiskPlan, EncoderPlan, NodePlan, ResourceId } from './types.ts'

const SECOND = 1_000
const DAY = SECONDS_PER_DAY * SECOND

/** Bytes behind RAID that hold so much video, with file system and what is kept free. */
export function rawNeed({ storage }: PlanInputs, video: number): number {
  return requiredCapacity({ need: video, filesystem: storage.filesystem, headroom: storage.free })
}

/** The disks that are there, or as many as the footage needs at P95. */
export function sizeDisks(inputs: PlanInputs, loads: SiteLoads, cameras: number): DiskPlan {
  const { storage } = inputs
  const daily = summarise(loads.values(loads.daily(cameras)))
  const groups = groupsOf(inputs, rawNeed(inputs, loads.p95(loads.video(cameras))))
  const disks = groups.disks
  const usable = groups.data * storage.diskSize
  const held = (bytesADay: number) =>
    retentionDays({ usable, daily: bytesADay, filesystem: storage.filesystem, headroom: storage.free }) * DAY
  const peak = loads.p95(loads.recordingAtNight(cameras))
  const perYear = (daily.p95 * BITS_PER_BYTE) / SECONDS_PER_DAY
  const work = diskWorkload({ bitrate: perYear, dataDisks: Math.max(1, groups.data), rating: storage.workload })
  const operations = diskOperations({ bitrate: cameras === 0 ? 0 : peak / cameras, cameras })
  // A rebuild reads every other disk of its group.
  const read = groups.groups === 0 ? 0 : Math.ceil((disks - groups.spares) / groups.groups) - 1
  return {
    disks,
    groups: groups.groups,
    spares: groups.spares,
    data: groups.data,
    size: storage.diskSize,
    usable,
    retention: daily.p95 > 0 ? { p50: held(daily.p50), p95: held(daily.p95) } : null,
    rebuild: rebuildSeconds({ size: storage.diskSize, speed: storage.rebuild }) * SECOND,
    unreadable: readErrorProbability({ disks: read, size: storage.diskSize, rate: 1 / storage.ure }),
    failure: anyDiskFailure({ disks, afr: storage.afr }),
    workload: work.eachYear,
    workloadRating: storage.workload,
    writeIops: operations.writes,
    readIops: operations.reads,
  }
}

function groupsOf({ storage }: PlanInputs, need: number): DiskGroups & { disks: number } {
  if (storage.disks !== null) return { ...diskGroups({ ...storage, disks: storage.disks }), disks: storage.disks }
  const { raid, group, diskSize } = storage
  const { groups } = raidGroups({ need, level: raid, group, size: diskSize, spares: 0 })
  const spares = groups === 0 ? 0 : (storage.spares ?? usualSpares(groups * group))
  return { groups, spares, data: groups * dataDisks(raid, group), disks: groups * group + spares }
}

/** What the working nodes must carry at P95, and how many of them each resource asks for. */
function nodeNeeds(
  inputs: PlanInputs,
  loads: SiteLoads,
  cameras: number,
): Record<'cpu' | 'memory' | 'nic' | 'nodes', number> {
  const { cores, cpuLoad, memory, cameras: each } = inputs.nodes
  return {
    cpu: loads.p95(loads.cpu(cameras)) / (cores * cpuLoad),
    memory: loads.p95(loads.memory(cameras)) / (memory - inputs.work.baseMemory),
    nic: loads.p95(loads.network(cameras)) / (inputs.network.nic * inputs.network.load),
    nodes: (cameras * loads.mix.recorded) / each,
  }
}

/** The nodes that are there, or as many as survive the loss of the spares at P95. */
export function sizeNodes(inputs: PlanInputs, loads: SiteLoads, cameras: number): NodePlan {
  const { nodes: given, spare, zones, recordAt } = inputs.nodes
  const needs = nodeNeeds(inputs, loads, cameras)
  const resources = Object.keys(needs) as (keyof typeof needs)[]
  const decides: ResourceId = resources.reduce((most, resource) => (needs[resource] > needs[most] ? resource : most))
  const places = recordAt === 'edge' ? zones : 1
  const working = cameras === 0 ? 0 : places * Math.max(1, Math.ceil(needs[decides as keyof typeof needs] / places))
  const nodes = given ?? (working === 0 ? 0 : working + spare)
  const left = Math.max(0, nodes - spare)
  const most = Math.max(...resources.map(resource => needs[resource]))
  return {
    nodes,
    spare: nodes === 0 ? 0 : spare,
    cameras: nodes === 0 ? 0 : Math.ceil(cameras / nodes),
    camerasAfterLoss: left === 0 ? 0 : Math.ceil(cameras / left),
    survives: most === 0 ? 1 : Math.min(1, left / most),
    decides,
  }
}

/** The cards that transcode, none when nothing is transcoded or when it is done in software. */
export function sizeCards(inputs: PlanInputs, loads: SiteLoads, cameras: number): EncoderPlan {
  const { accelerator, cards, encodes, decodes } = inputs.encoder
  const transcodes = Math.ceil(loads.p95(loads.transcodes(cameras)))
  if (accelerator === 'none' || !(encodes > 0 && decodes > 0))
    return { transcodes, cards: 0, perCard: 0, decides: 'encode' }
  const one = { encode: loads.mix.encode / encodes, decode: loads.mix.decode / decodes }
  const perCard = cameras === 0 ? 0 : Math.floor(1 / Math.max(one.encode, one.decode) + 1e-9)
  const { cards: needed, decides } = encoderSessions({
    streams: transcodes,
    renditions: 1,
    ...one,
    fill: 1,
    limit: Number.POSITIVE_INFINITY,
  })
  return { transcodes, cards: cards ?? needed, perCard, decides: decides === 'decode' ? 'decode' : 'encode' }
}

/** Years of the bill in days, for what is paid by the day. */
export const YEAR_HOURS = DAYS_PER_YEAR * 24
