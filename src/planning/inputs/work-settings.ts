import { type Accelerator, cardOf } from './accelerators.ts'
import { assumed, known, type Setting, type Standard } from './setting.ts'
import { choice, integer, number, orWord, power, share, size, spread } from './value-type.ts'

const GROUP = 'WORK'
const MEASURED = '2026-11-25'
const cores = spread(number({ min: 0, max: 1_000 }))

/** A figure of the card that was chosen; none for `none`. */
function ofCard(get: (key: string) => unknown, figure: 'encodes' | 'decodes' | 'watts'): Standard {
  const card = cardOf(get('accelerator') as Accelerator)
  if (card === undefined) return assumed(0, 'there is no card')
  return { value: card[figure], grade: card.grade, source: card.source }
}

export const WORK_SETTINGS: readonly Setting[] = [
  {
    key: 'record-cpu',
    name: 'CPU of recording',
    group: GROUP,
    help: 'cores for one camera of 4 Mbps and 25 frames a second',
    type: cores,
    path: 'work.recordCpu',
    standard: known(
      'measured',
      { p10: 0.0006, p50: 0.0009, p90: 0.0012 },
      'vmsctl bench record: 17.9 % of one core of an AMD EPYC for 200 cameras, a third more or less from hour to hour',
      undefined,
      MEASURED,
    ),
  },
  {
    key: 'record-memory',
    name: 'memory of recording',
    group: GROUP,
    help: 'for one camera',
    type: size(),
    path: 'work.recordMemory',
    standard: known(
      'measured',
      950e3,
      'vmsctl bench record: 265 MB of two processes for 200 cameras',
      undefined,
      MEASURED,
    ),
  },
  {
    key: 'base-memory',
    name: 'memory of a node',
    group: GROUP,
    help: 'what a node takes before the first camera',
    type: size(),
    path: 'work.baseMemory',
    standard: assumed(2e9, 'the system and what runs beside'),
  },
  {
    key: 'relay-cpu',
    name: 'CPU of a viewer',
    group: GROUP,
    help: 'cores for one stream to one viewer through the relay',
    type: cores,
    path: 'work.relayCpu',
    standard: known(
      'secondary',
      { p10: 0.0167, p50: 0.0198, p90: 0.025 },
      '150 WebRTC viewers took 3 cores of MediaMTX; encryption is most of it',
      'https://github.com/bluenviron/mediamtx/issues/4963',
    ),
  },
  {
    key: 'relay-memory',
    name: 'memory of a viewer',
    group: GROUP,
    help: 'for one stream to one viewer',
    type: size(),
    path: 'work.relayMemory',
    standard: assumed(5e6, 'buffers and a connection'),
  },
  {
    key: 'transcode',
    name: 'transcoded share',
    group: GROUP,
    help: 'share of the watched streams that must be transcoded',
    type: share(),
    path: 'work.transcode',
    standard: assumed(0, "the cameras' own sub-streams are passed on as they are"),
  },
  {
    key: 'transcode-cpu',
    name: 'CPU of a transcode',
    group: GROUP,
    help: 'cores to decode 1080p at 30 frames a second and encode 720p, in software',
    type: cores,
    path: 'work.transcodeCpu',
    standard: known(
      'measured',
      { p10: 0.29, p50: 0.44, p90: 0.6 },
      'ffmpeg 5.1, libx264 ultrafast: 0.29 for a synthetic scene, half more assumed for a real one',
      undefined,
      '2026-11-23',
    ),
  },
  {
    key: 'transcode-memory',
    name: 'memory of a transcode',
    group: GROUP,
    help: 'for one',
    type: size(),
    path: 'work.transcodeMemory',
    standard: known('secondary', 150e6, 'what a hobby project plans with', 'https://github.com/Sothi805/security-cam'),
  },
  {
    key: 'accelerator',
    name: 'accelerator',
    group: GROUP,
    help: 'hardware for transcodes; none does them in software',
    type: choice(['none', 't4', 'l4', 'flex140', 'arc-a380', 'uhd770']),
    path: 'encoder.accelerator',
    standard: assumed('none', 'no card'),
  },
  {
    key: 'cards',
    name: 'cards',
    group: GROUP,
    help: 'cards that are there; auto sizes them',
    type: orWord('auto', integer({ min: 0, max: 100_000 })),
    path: 'encoder.cards',
    standard: known('derived', null, 'as many as the transcodes need'),
  },
  {
    key: 'card-encodes',
    name: 'encodes of a card',
    group: GROUP,
    help: '720p at 30 frames a second, all at once',
    type: number({ min: 0, max: 10_000 }),
    path: 'encoder.encodes',
    standard: get => ofCard(get, 'encodes'),
  },
  {
    key: 'card-decodes',
    name: 'decodes of a card',
    group: GROUP,
    help: '1080p at 30 frames a second, all at once',
    type: number({ min: 0, max: 10_000 }),
    path: 'encoder.decodes',
    standard: get => ofCard(get, 'decodes'),
  },
  {
    key: 'node-power',
    name: 'power of a node',
    group: GROUP,
    help: 'without its disks and cards',
    type: power(),
    path: 'power.node',
    standard: known('secondary', 118, 'a server of one socket', 'https://www.gameslearningsociety.org/wiki/?p=5420'),
  },
  {
    key: 'disk-power',
    name: 'power of a disk',
    group: GROUP,
    help: 'of one',
    type: power(),
    path: 'power.disk',
    standard: assumed(6.5, '5 to 8 W'),
  },
  {
    key: 'card-power',
    name: 'power of a card',
    group: GROUP,
    help: 'of one',
    type: power(),
    path: 'power.card',
    standard: get => ofCard(get, 'watts'),
  },
  {
    key: 'camera-power',
    name: 'power of a camera',
    group: GROUP,
    help: 'through its network cable',
    type: power(),
    path: 'power.camera',
    standard: assumed(9, '5 to 13 W'),
  },
  {
    key: 'pue',
    name: 'cooling and conversion',
    group: GROUP,
    help: 'power of the room for each watt of its machines (PUE)',
    type: number({ min: 1, max: 10 }),
    path: 'power.pue',
    standard: assumed(1.4, 'a small machine room'),
  },
]
