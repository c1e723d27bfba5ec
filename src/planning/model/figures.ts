import type { Grade } from '../grade.ts'
import type { Origin } from '../inputs/origin.ts'
import type { PlanRequest } from '../inputs/types.ts'
import { type Normals, swingNormals } from '../uncertainty/draws.ts'
import { summarise } from '../uncertainty/quantiles.ts'
import { type Costs, costsOf, type Hardware, powerOf } from './bill.ts'
import { SiteLoads } from './loads.ts'
import { rawNeed } from './sizing.ts'
import { widestSwings } from './swings.ts'
import type { Figure, FigureId, FigureUnit, WatchedStreams } from './types.ts'
import { plural, retentionText, share } from './words.ts'

/** What of a figure does not depend on the draws. */
interface Description {
  readonly id: FigureId
  readonly name: string
  readonly unit: FigureUnit
  readonly decides: string
  /** Settings that it comes from; the weakest grade of them is its own. */
  readonly keys: readonly string[]
}

type Values = Readonly<Record<FigureId, Float64Array>>

/** All figures of a plan with their spread and what causes it. */
export function figuresOf(
  request: PlanRequest,
  loads: SiteLoads,
  hardware: Hardware,
  watched: WatchedStreams,
  normals: Normals,
): Figure[] {
  const { inputs, origins } = request
  const values = valuesOf(request, loads, hardware, costsOf(inputs, hardware, normals), normals.count)
  const swung = swingNormals()
  const swingLoads = new SiteLoads(inputs, swung, loads)
  const swings = valuesOf(request, swingLoads, hardware, costsOf(inputs, hardware, swung), swung.count)
  return describe(request, watched).map(({ keys, ...description }) => ({
    ...description,
    ...summarise(values[description.id]),
    grade: weakest(keys.map(key => origins[key])),
    spread: widestSwings(swings[description.id]),
  }))
}

function valuesOf({ inputs }: PlanRequest, loads: SiteLoads, hardware: Hardware, costs: Costs, draws: number): Values {
  const { cameras, nodes } = hardware
  const watts = powerOf(inputs, hardware).reduce((sum, part) => sum + part.watts, 0)
  const base = nodes.nodes * inputs.work.baseMemory
  const video = loads.values(loads.video(cameras))
  return {
    'ingest.recording.day': loads.values(loads.recordingByDay(cameras)),
    'ingest.recording.night': loads.values(loads.recordingAtNight(cameras)),
    'ingest.viewing': loads.values(loads.viewing(cameras)),
    uplink: loads.values(loads.uplink(cameras)),
    'relay.out': loads.values(loads.relayed()),
    'storage.daily': loads.values(loads.daily(cameras)),
    'storage.video': video,
    'storage.raw': video.map(bytes => rawNeed(inputs, bytes)),
    'cpu.recording': loads.values(loads.recordingCpu(cameras)),
    'cpu.relay': loads.values(loads.relayCpu()),
    'cpu.transcoding': loads.values(loads.transcodingCpu(cameras)),
    memory: loads.values(loads.memory(cameras)).map(bytes => bytes + base),
    'disk.write': loads.values(loads.diskWrite(cameras)),
    power: new Float64Array(draws).fill(watts),
    'cost.once': costs.once,
    'cost.yearly': costs.yearly,
    'cost.total': costs.total,
  }
}

const MAIN = ['bitrate', 'correlation'] as const

function describe({ inputs, origins }: PlanRequest, watched: WatchedStreams): Description[] {
  const { viewers, night, storage, nodes, work, prices } = inputs
  const cameras = inputs.cameras.reduce((sum, kind) => sum + kind.count, 0)
  const together = `all cameras at once (correlation ${inputs.correlation})`
  const audience =
    viewers.model === 'visits'
      ? `${viewers.arrivals} visits an hour of ${retentionText(viewers.session)}`
      : `${plural(viewers.operators, 'operator')} x ${plural(viewers.tiles, 'tile')}${viewers.full > 0 ? `, and ${viewers.full} full size` : ''}`
  const crosses =
    nodes.recordAt === 'edge'
      ? 'only what is watched crosses it'
      : 'recording and viewing, with the packets around them'
  const measured = origins['record-cpu']?.source
  const per = prices.years === 1 ? '1 year' : `${prices.years} years`
  return [
    {
      id: 'ingest.recording.day',
      name: 'ingest, recording, by day',
      unit: 'bit/s',
      keys: MAIN,
      decides: `scenes differ, on ${together}`,
    },
    {
      id: 'ingest.recording.night',
      name: 'ingest, recording, at night',
      unit: 'bit/s',
      keys: [...MAIN, 'night-factor'],
      decides: `nights are noisy (x ${night.factor.p50}) on ${together}`,
    },
    {
      id: 'ingest.viewing',
      name: 'ingest, viewing',
      unit: 'bit/s',
      keys: ['sub-bitrate', 'operators', 'tiles', 'arrivals'],
      decides: `${Math.round(watched.p50)} of ${plural(cameras, 'camera')} watched at a time`,
    },
    { id: 'uplink', name: 'uplink', unit: 'bit/s', keys: [...MAIN, 'night-factor', 'sub-bitrate'], decides: crosses },
    {
      id: 'relay.out',
      name: 'to viewers',
      unit: 'bit/s',
      keys: ['sub-bitrate', 'operators', 'tiles'],
      decides: audience,
    },
    {
      id: 'storage.daily',
      name: 'video a day',
      unit: 'bytes/day',
      keys: [...MAIN, 'night-factor', 'hours', 'motion'],
      decides: `${night.hours} h of night, ${motionText(inputs.cameras)}`,
    },
    {
      id: 'storage.video',
      name: 'video kept',
      unit: 'bytes',
      keys: [...MAIN, 'night-factor', 'retention'],
      decides: `${retentionText(storage.retention)}`,
    },
    {
      id: 'storage.raw',
      name: 'storage',
      unit: 'bytes',
      keys: [...MAIN, 'night-factor', 'retention', 'filesystem', 'free'],
      decides: `video, file system (${share(storage.filesystem)}), and what is kept free (${share(storage.free)})`,
    },
    {
      id: 'cpu.recording',
      name: 'recording CPU',
      unit: 'cores',
      keys: ['record-cpu'],
      decides: measured?.date
        ? `measured ${measured.date} (the first design of this system assumed ${Math.round(0.4 * cameras)})`
        : (measured?.text ?? ''),
    },
    {
      id: 'cpu.relay',
      name: 'relay CPU',
      unit: 'cores',
      keys: ['relay-cpu'],
      decides: origins['relay-cpu']?.source.text ?? '',
    },
    {
      id: 'cpu.transcoding',
      name: 'transcoding CPU',
      unit: 'cores',
      keys: ['transcode-cpu', 'transcode'],
      decides:
        work.transcode === 0
          ? "the cameras' own sub-streams are passed on"
          : `${share(work.transcode)} of what is watched`,
    },
    {
      id: 'memory',
      name: 'memory',
      unit: 'bytes',
      keys: ['record-memory', 'base-memory'],
      decides: 'what each node takes, then cameras',
    },
    {
      id: 'disk.write',
      name: 'written to disks',
      unit: 'bytes/s',
      keys: [...MAIN, 'night-factor'],
      decides: 'recording at night',
    },
    {
      id: 'power',
      name: 'power',
      unit: 'watts',
      keys: ['node-power', 'disk-power', 'camera-power'],
      decides: 'what was sized, and the cameras',
    },
    {
      id: 'cost.once',
      name: 'to buy',
      unit: 'money',
      keys: ['price-disk', 'price-node'],
      decides: 'disks and nodes; cameras are not in it',
    },
    { id: 'cost.yearly', name: 'a year', unit: 'money', keys: ['price-energy'], decides: 'energy' },
    {
      id: 'cost.total',
      name: `over ${per}`,
      unit: 'money',
      keys: ['price-disk', 'price-node', 'price-energy'],
      decides: 'bought once, and energy',
    },
  ]
}

function motionText(kinds: PlanRequest['inputs']['cameras']): string {
  const partly = kinds.some(kind => kind.motion < 1 || kind.hours < 24)
  return partly ? 'recorded for a part of the time' : 'recorded all the time'
}

const GRADES: readonly Grade[] = ['measured', 'vendor', 'secondary', 'derived', 'assumption']

/** What the user said is as good as what was measured. */
function weakest(origins: readonly (Origin | undefined)[]): Grade {
  const ranks = origins.map(origin => GRADES.indexOf(origin?.grade ?? 'measured'))
  return GRADES[Math.max(0, ...ranks)]!
}
