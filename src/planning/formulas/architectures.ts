import { documentedOptimised, documentedOriginal, documentedSavings } from '../architectures/as-documented.ts'
import { adaptive, alwaysOn, edge, onDemand, sharedRelay } from '../architectures/uplinks.ts'
import { encoderSessions } from '../encoder/sessions.ts'
import { rtpUdpFactor } from '../network/overhead.ts'
import { watchedClosed } from '../viewers/closed.ts'
import { bitRate, cameras, count, linger, mainRate, seconds, share, subRate, wall, zipf } from './common-inputs.ts'
import { formula } from './formula.ts'
import { BIT_RATE, SHARE } from './quantities.ts'
import { SOURCES } from './sources.ts'
import { fitting } from './viewers.ts'

const rate = (meaning: string) => ({ meaning, unit: 'Mbps', kind: BIT_RATE }) as const
const rates = {
  uplink: rate('from the cameras to the centre'),
  recording: rate('for recording'),
  viewing: rate('for viewing'),
  wire: rate('the uplink on the wire, RTP over UDP in packets of 1,400 bytes'),
  saved: { meaning: 'less than with both streams always on', unit: 'share', kind: SHARE },
} as const
const streams = { cameras: cameras(), main: mainRate(), sub: subRate() } as const
const dwell = seconds('mean time until the large picture changes its camera', 60, { above: true })

interface Streams {
  cameras: number
  main: number
  sub: number
}

function figures(site: Streams, of: { uplink: number; recording: number; viewing: number }) {
  const all = alwaysOn(site).uplink
  return { ...of, wire: of.uplink * rtpUdpFactor(1_400), saved: all === 0 ? 0 : 1 - of.uplink / all }
}

/** Cameras whose sub-stream is on a wall; a tile that changes closes its stream at once (the linger is that of main streams). */
const wallCameras = (values: { cameras: number; viewers: number; tiles: number }) =>
  watchedClosed({ ...fitting(values), zipf: 0, dwell: 60, linger: 0 }).mean
/** Cameras whose main stream somebody looks at, one at a time each. */
const mainCameras = (values: { cameras: number; viewers: number; zipf: number; dwell: number; linger: number }) =>
  watchedClosed({ ...values, tiles: 1 }).mean

export const ARCHITECTURES = [
  formula({
    id: 'architecture.always-on',
    title: 'Both streams of every camera always on',
    expression: 'cameras x (main + sub)',
    words: 'The naive way: nobody needs to watch for the sub-streams to run.',
    inputs: streams,
    results: rates,
    grade: 'derived',
    source: SOURCES.mathematics,
    example: { cameras: '200', main: '4Mbps', sub: '0.5Mbps' },
    evaluate: values => figures(values, alwaysOn(values)),
  }),
  formula({
    id: 'architecture.on-demand',
    title: 'Main streams recorded, sub-streams on demand',
    expression: 'cameras x main + watched x sub, watched = cameras (1 - (1 - tiles / cameras)^viewers)',
    words: 'Only the sub-streams that somebody watches run; recording goes on as it was.',
    inputs: { ...streams, ...wall },
    results: { ...rates, watched: { meaning: 'cameras that are watched, mean', unit: 'cameras' } },
    grade: 'derived',
    source: SOURCES.mathematics,
    example: { cameras: '200', main: '4Mbps', sub: '0.5Mbps', viewers: '20', tiles: '9' },
    evaluate: values => {
      const watched = wallCameras(values)
      return { ...figures(values, onDemand({ ...values, watched })), watched }
    },
  }),
  formula({
    id: 'architecture.hardware',
    title: 'Sub-streams on demand, encoded by cards',
    expression: 'as architecture.on-demand; cards = ceil(watched x share / fill)',
    words: 'Cards make the sub-streams of the cameras that are watched; the uplink is that of sub-streams on demand.',
    inputs: {
      ...streams,
      ...wall,
      share: share('of a card for one stream, the dearer of decoding and encoding', 0.02, { source: SOURCES.owner }),
      fill: share('how full a card may be', 0.9, { source: SOURCES.owner, above: true }),
    },
    results: {
      ...rates,
      watched: { meaning: 'cameras that are watched, mean', unit: 'cameras' },
      cards: { meaning: 'cards', unit: 'cards' },
    },
    grade: 'derived',
    source: SOURCES.mathematics,
    example: { cameras: '200', main: '4Mbps', sub: '0.5Mbps', viewers: '20', tiles: '9' },
    evaluate: values => {
      const watched = wallCameras(values)
      const { cards } = encoderSessions({
        ...{ streams: watched, renditions: 1, limit: Number.POSITIVE_INFINITY },
        ...{ encode: values.share, decode: values.share, fill: values.fill },
      })
      return { ...figures(values, onDemand({ ...values, watched })), watched, cards }
    },
  }),
  formula({
    id: 'architecture.edge',
    title: 'Recording at the edge',
    expression: 'mains x main + subs x sub, mains = viewers.closed with one tile, subs = with the wall',
    words:
      'Video is recorded where the cameras are; the uplink carries only what is watched, large pictures and tiles.',
    inputs: { ...streams, ...wall, zipf: zipf(), dwell, linger: linger() },
    results: {
      ...rates,
      mains: { meaning: 'main streams that are watched, mean', unit: 'cameras' },
      subs: { meaning: 'sub-streams that are watched, mean', unit: 'cameras' },
    },
    grade: 'derived',
    source: SOURCES.mathematics,
    example: { cameras: '200', main: '4Mbps', sub: '0.5Mbps', viewers: '20', tiles: '9', dwell: '60s', linger: '30s' },
    evaluate: values => {
      const [mains, subs] = [mainCameras(values), wallCameras(values)]
      return { ...figures(values, edge({ ...values, mains, subs })), mains, subs }
    },
  }),
  formula({
    id: 'architecture.transcode',
    title: 'H.265 cameras for H.264 viewers',
    expression: 'viewers.closed with one tile',
    words: 'Only main streams that somebody looks at are transcoded, once for all who look.',
    inputs: { cameras: cameras(), viewers: wall.viewers, zipf: zipf(), dwell, linger: linger() },
    results: {
      transcodes: { meaning: 'transcodes at once, mean', unit: 'streams' },
      'always-on': { meaning: 'transcodes when all run', unit: 'streams' },
    },
    grade: 'derived',
    source: SOURCES.mathematics,
    example: { cameras: '200', viewers: '20', zipf: '1', dwell: '60s', linger: '30s' },
    evaluate: values => ({ transcodes: mainCameras(values), 'always-on': values.cameras }),
  }),
  formula({
    id: 'architecture.shared-relay',
    title: 'One sub-stream for all viewers of a camera',
    expression: 'unshared: cameras x viewers x sub; shared: cameras x sub; saved: 1 - 1 / viewers',
    words: 'A relay pulls each camera once. The document says 83 % for five viewers; its own formula gives 80 %.',
    inputs: {
      cameras: cameras(),
      viewers: count('viewers of each camera', 5, { source: SOURCES.owner }),
      sub: bitRate('bit rate of the sub-stream', 2, { source: SOURCES.owner }),
    },
    results: {
      uplink: rate('from the cameras, shared'),
      unshared: rate('from the cameras, a pull for each viewer'),
      saved: { meaning: 'saved', unit: 'share', kind: SHARE },
    },
    grade: 'derived',
    source: SOURCES.owner,
    example: { cameras: '200', viewers: '5', sub: '2Mbps' },
    evaluate: values => {
      const of = sharedRelay(values)
      return { uplink: of.shared, unshared: of.unshared, saved: of.saved }
    },
  }),
  formula({
    id: 'architecture.adaptive',
    title: 'Rates that follow the scene',
    expression: 'cameras x rate x kept',
    words: 'Cameras that are still at night need a part of their bit rate.',
    inputs: {
      cameras: count('cameras that are still', 50, { source: SOURCES.owner }),
      rate: bitRate('bit rate before', 2, { source: SOURCES.owner }),
      kept: share('share that is left', 0.25, { source: SOURCES.owner }),
    },
    results: { uplink: rate('after'), before: rate('before'), saved: rate('saved') },
    grade: 'derived',
    source: SOURCES.owner,
    example: { cameras: '50', rate: '2Mbps', kept: '25%' },
    evaluate: values => {
      const of = adaptive(values)
      return { uplink: of.after, before: of.before, saved: of.saved }
    },
  }),
  formula({
    id: 'architecture.as-documented',
    title: "The owner's document, S6, as it stands",
    expression:
      'n x 6 Mbps, n x 0.6 cores, 0 cards; n x 4 + n x 0.2 x 1 Mbps, n x 0.4 cores, ceil(n x 0.2 x 0.02 / 0.9) cards',
    words:
      'Shown as it was written. A stream copy takes 0.57 % of a core as measured here, where it assumes 40 %; "90 cores saved" is 40 by its formula.',
    inputs: { cameras: cameras() },
    results: {
      optimised: rate('bandwidth, optimised'),
      original: rate('bandwidth, original'),
      saved: { meaning: 'bandwidth saved', unit: 'share', kind: SHARE },
      'cores-original': { meaning: 'cores, original', unit: 'cores' },
      'cores-optimised': { meaning: 'cores, optimised', unit: 'cores' },
      'cores-saved': { meaning: 'share of cores saved', unit: 'share', kind: SHARE },
      cards: { meaning: 'cards, optimised', unit: 'cards' },
      dollars: { meaning: 'saved at 300 dollars a core', unit: 'USD' },
    },
    grade: 'assumption',
    source: SOURCES.owner,
    example: { cameras: '200' },
    evaluate: ({ cameras: n }) => {
      const [before, after, saved] = [documentedOriginal(n), documentedOptimised(n), documentedSavings(n)]
      return {
        optimised: after.bandwidth,
        original: before.bandwidth,
        saved: saved.bandwidth,
        'cores-original': before.cores,
        'cores-optimised': after.cores,
        'cores-saved': saved.cores,
        cards: after.cards,
        dollars: saved.cost,
      }
    },
  }),
]
