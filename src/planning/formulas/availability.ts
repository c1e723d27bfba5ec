import { VmsError } from '../../kernel/errors.ts'
import { failoverRecovery, failoverSpare, restartSeconds, survivesEachLoss } from '../availability/failover.ts'
import { availabilityKOfN } from '../availability/k-of-n.ts'
import { uplinkDrain } from '../availability/uplink.ts'
import { DAYS_PER_YEAR, SECONDS_PER_DAY } from '../periods.ts'
import { allRates, bitRate, cameras, count, number, seconds, share } from './common-inputs.ts'
import { formula, type ListInput, type QuantityInput } from './formula.ts'
import { BIT_RATE, DURATION, FREQUENCY, SHARE, SIZE } from './quantities.ts'
import { SOURCES } from './sources.ts'

const lab = (meaning: string, value: number) => seconds(meaning, value, { source: SOURCES.laboratory })
const rate: QuantityInput = {
  ...number('cameras that are started a second', 10, { source: SOURCES.laboratory, above: true }),
  kind: FREQUENCY,
  unit: '/s',
}
const {
  default: _,
  type: __,
  ...camerasOfNodes
} = count('cameras of each node', 0, {
  grade: 'vendor',
  source: SOURCES.nxFailover,
})
const loads: ListInput = { ...camerasOfNodes, type: 'list', default: [160, 128, 176] }

export const AVAILABILITY = [
  formula({
    id: 'availability.k-of-n',
    title: 'At least k of n nodes are up',
    expression: 'sum of C(n, i) each^i (1 - each)^(n - i) for i = k to n',
    words: 'Nodes fail independently; a common cause (power, switch) is not in it.',
    inputs: {
      k: count('nodes that are needed', 4),
      n: count('nodes', 5),
      each: share('availability of one', 0.995),
    },
    results: {
      availability: { meaning: 'availability', unit: 'share', kind: SHARE },
      downtime: { meaning: 'without enough nodes, a year', unit: 'h', kind: DURATION },
    },
    grade: 'derived',
    source: SOURCES.mathematics,
    example: { k: '4', n: '5', each: '0.995' },
    evaluate: values => {
      const { k, n } = values
      if (k > n) throw new VmsError('VMS_E_USAGE', `${k} of ${n} nodes cannot be up`, { hint: 'Set k to n or fewer.' })
      // Too many failed, rather than 1 - availability: seconds a year would be lost in its last digits.
      const failed = availabilityKOfN({ k: n - k + 1, n, each: 1 - values.each })
      return { availability: availabilityKOfN(values), downtime: failed * DAYS_PER_YEAR * SECONDS_PER_DAY }
    },
  }),
  formula({
    id: 'failover.spare',
    title: 'How full nodes may be so that one may fail',
    expression: '(nodes - 1) / nodes',
    words: 'The others have to have room for the cameras of the one that is lost (N + 1).',
    inputs: { nodes: count('nodes', 5, { min: 1 }), cameras: cameras() },
    results: {
      load: { meaning: 'how full a node may be', unit: 'share', kind: SHARE },
      before: { meaning: 'cameras of each while all are up', unit: 'cameras' },
      after: { meaning: 'cameras of each after one is lost', unit: 'cameras' },
    },
    grade: 'derived',
    source: SOURCES.mathematics,
    example: { nodes: '5', cameras: '200' },
    evaluate: values => ({ ...failoverSpare(values) }),
  }),
  formula({
    id: 'failover.slots',
    title: 'Does every single loss fit?',
    expression: 'for each node: sum over the others of (capacity - load) >= its load',
    words: 'Whichever node fails, the free places of the others must take its cameras.',
    inputs: {
      capacity: count('cameras that a node can have', 256, { grade: 'vendor', source: SOURCES.nxFailover }),
      loads,
    },
    results: {
      survived: { meaning: 'nodes whose loss fits', unit: 'nodes' },
      nodes: { meaning: 'nodes', unit: 'nodes' },
      least: { meaning: 'places left in the worst loss', unit: 'cameras' },
    },
    grade: 'vendor',
    source: SOURCES.nxFailover,
    example: { capacity: '256', loads: '160,128,176' },
    evaluate: values => {
      const losses = survivesEachLoss(values.capacity, values.loads)
      return {
        survived: losses.filter(({ fits }) => fits).length,
        nodes: losses.length,
        least: Math.min(...losses.map(({ spare, load }) => spare - load)),
      }
    },
    note: values =>
      survivesEachLoss(values.capacity, values.loads)
        .map(({ load, spare, fits }) => `${load} into ${spare}: ${fits ? 'fits' : 'does not fit'}`)
        .join('; '),
  }),
  formula({
    id: 'failover.recovery',
    title: 'From the death of a node to video',
    expression: 'mean: lease - renew / 2 + poll / 2 + connect + gop / 2; worst: lease + poll + connect + gop',
    words: 'The lease has to run out, a challenger to see it, to connect, and to wait for a key frame.',
    inputs: {
      lease: lab('lease', 15),
      renew: lab('how often it is renewed', 5),
      poll: lab('how often a challenger looks', 1),
      connect: seconds('time to connect to a camera', 1),
      gop: seconds('time between key frames', 2, { source: SOURCES.owner }),
    },
    results: {
      mean: { meaning: 'mean', unit: 's', kind: DURATION },
      worst: { meaning: 'worst', unit: 's', kind: DURATION },
    },
    grade: 'derived',
    source: SOURCES.laboratory,
    example: { lease: '15s', renew: '5s', poll: '1s', connect: '1s', gop: '2s' },
    evaluate: values => ({ ...failoverRecovery(values) }),
  }),
  formula({
    id: 'failover.restart',
    title: 'Until the last camera is started',
    expression: 'cameras / rate',
    words: 'Starts are spread out so that they do not fell the node that takes over.',
    inputs: { cameras: { ...cameras(), default: 50 }, rate },
    results: { time: { meaning: 'the last starts after', unit: 's', kind: DURATION } },
    grade: 'derived',
    source: SOURCES.mathematics,
    example: { cameras: '50', rate: '10/s' },
    evaluate: values => ({ time: restartSeconds(values) }),
  }),
  formula({
    id: 'uplink.drain',
    title: 'After an outage of the uplink',
    expression: 'bitrate x outage / (uplink - bitrate)',
    words: 'What waits goes through beside the live video; without room beside it, never.',
    inputs: {
      bitrate: allRates(64),
      outage: seconds('length of the outage', 7_200),
      uplink: bitRate('the uplink', 200),
    },
    results: {
      time: { meaning: 'until all is through', unit: 's', kind: DURATION },
      backlog: { meaning: 'waits when the uplink returns', unit: 'GB', kind: SIZE },
      spare: { meaning: 'room beside the live video', unit: 'Mbps', kind: BIT_RATE },
    },
    grade: 'derived',
    source: SOURCES.mathematics,
    example: { bitrate: '64Mbps', outage: '2h', uplink: '200Mbps' },
    evaluate: values => {
      const { backlog, seconds: time } = uplinkDrain(values)
      return { time, backlog, spare: values.uplink - values.bitrate }
    },
    note: ({ bitrate, uplink }) =>
      bitrate < uplink ? 'Live video comes first.' : 'The live video fills the uplink: what waits never gets through.',
  }),
]
