import { formatBitRate } from '../../kernel/units.ts'
import {
  LINKS,
  linkHas,
  operatorBitrate,
  relayGateways,
  requiredLink,
  smallestLink,
  streamCores,
} from '../network/links.ts'
import { rtpUdpFactor, rtspTcpFactor } from '../network/overhead.ts'
import { allRates, count, mainRate, number, share, subRate, wall } from './common-inputs.ts'
import { formula } from './formula.ts'
import { BIT_RATE } from './quantities.ts'
import { SOURCES } from './sources.ts'

const payload = () =>
  count('bytes of payload in a packet', 1_400, {
    grade: 'measured',
    source: { text: 'vmsctl virtual cameras' },
    min: 1,
    max: 65_000,
  })
const wire = {
  wire: { meaning: 'on the Ethernet wire', unit: 'Mbps', kind: BIT_RATE },
  factor: { meaning: 'bits on the wire for a bit of video', unit: 'ratio' },
} as const

export const NETWORK = [
  formula({
    id: 'net.rtp-udp',
    title: 'RTP over UDP on the wire',
    expression: 'bitrate x (payload + 12 + 8 + 20 + 38) / payload',
    words: 'Every packet carries the headers of RTP, UDP, IPv4 and Ethernet, with preamble and gap.',
    inputs: { bitrate: allRates(800), payload: payload() },
    results: wire,
    grade: 'vendor',
    source: SOURCES.rtp,
    example: { bitrate: '800Mbps', payload: '1400' },
    evaluate: ({ bitrate, payload: bytes }) => {
      const factor = rtpUdpFactor(bytes)
      return { wire: bitrate * factor, factor }
    },
  }),
  formula({
    id: 'net.rtsp-tcp',
    title: 'RTSP interleaved in TCP on the wire',
    expression: 'bitrate x (payload + 12 + 4 + 32 + 20 + 38) / payload',
    words: 'As RTP over UDP, with 4 bytes of framing and 32 of TCP with time stamps in place of the 8 of UDP.',
    inputs: { bitrate: allRates(800), payload: payload() },
    results: wire,
    grade: 'vendor',
    source: SOURCES.interleaved,
    example: { bitrate: '800Mbps', payload: '1400' },
    evaluate: ({ bitrate, payload: bytes }) => {
      const factor = rtspTcpFactor(bytes)
      return { wire: bitrate * factor, factor }
    },
  }),
  formula({
    id: 'net.link',
    title: 'The link that a bit rate needs',
    expression: 'bitrate / rule',
    words: 'A link is filled to the share `rule` at most; bursts of key frames take the rest.',
    inputs: {
      bitrate: allRates(844.571428571),
      rule: share('how full a link may be', 0.7, { above: true }),
    },
    results: {
      required: { meaning: 'the link must have', unit: 'Mbps', kind: BIT_RATE },
      link: { meaning: 'the smallest Ethernet that has it', unit: 'Gbps', kind: BIT_RATE },
    },
    grade: 'derived',
    source: SOURCES.mathematics,
    example: { bitrate: '844.571428571Mbps', rule: '70%' },
    evaluate: values => {
      const required = requiredLink(values)
      return { required, link: smallestLink(required) ?? Number.POSITIVE_INFINITY }
    },
    note: values =>
      LINKS.map(link => `${formatBitRate(link)} ${linkHas(link, requiredLink(values)) ? 'passes' : 'fails'}`).join(
        ', ',
      ),
  }),
  formula({
    id: 'net.operators',
    title: 'Bit rate to operators',
    expression: 'operators x (tiles x sub + main)',
    words: 'Each operator shows tiles of sub-streams and one camera large.',
    inputs: { operators: wall.viewers, tiles: wall.tiles, sub: subRate(), main: mainRate() },
    results: { bitrate: { meaning: 'to all operators', unit: 'Mbps', kind: BIT_RATE } },
    grade: 'derived',
    source: SOURCES.mathematics,
    example: { operators: '20', tiles: '9', sub: '0.5Mbps', main: '4Mbps' },
    evaluate: values => ({ bitrate: operatorBitrate(values) }),
  }),
  formula({
    id: 'relay.gateways',
    title: 'Relay servers for viewers',
    expression: 'ceil(viewers / each) + spare',
    words: 'Servers are whole; the spare takes over for one that fails.',
    inputs: {
      viewers: count("viewers' streams at once", 250),
      each: count('streams that one serves', 100, { grade: 'vendor', source: SOURCES.genetecGateway, min: 1 }),
      spare: count('servers that stand by', 1, { max: 1_000 }),
    },
    results: {
      all: { meaning: 'servers, spare among them', unit: 'servers' },
      needed: { meaning: 'servers that work', unit: 'servers' },
    },
    grade: 'derived',
    source: SOURCES.mathematics,
    example: { viewers: '250', each: '100', spare: '1' },
    evaluate: values => ({ ...relayGateways(values) }),
  }),
  formula({
    id: 'relay.cores',
    title: 'Cores for viewers',
    expression: 'viewers x each / fill',
    words: 'Cores for each viewer, with no core fuller than `fill`.',
    inputs: {
      viewers: count('viewers at once', 60),
      each: number('cores for one viewer', 0.02, { grade: 'secondary', source: SOURCES.mediamtxIssue, max: 1_000 }),
      fill: share('how full a core may be', 0.6, { above: true }),
    },
    results: { cores: { meaning: 'cores', unit: 'cores' } },
    grade: 'derived',
    source: SOURCES.mathematics,
    example: { viewers: '60', each: '0.02', fill: '60%' },
    evaluate: ({ viewers, each, fill }) => ({ cores: streamCores({ streams: viewers, each, fill }) }),
  }),
  formula({
    id: 'relay.viewer-cost',
    title: 'What a viewer costs, from a measurement',
    expression: 'cores x use / viewers',
    words: 'Cores that were busy, by the viewers that made them so.',
    inputs: {
      cores: number('cores of the machine', 3, { grade: 'secondary', source: SOURCES.mediamtxIssue, max: 10_000 }),
      use: share('how busy they were', 0.99, { grade: 'secondary', source: SOURCES.mediamtxIssue }),
      viewers: count('viewers then', 150, { grade: 'secondary', source: SOURCES.mediamtxIssue, min: 1 }),
    },
    results: { each: { meaning: 'cores for one viewer', unit: 'cores' } },
    grade: 'secondary',
    source: SOURCES.mediamtxIssue,
    example: { cores: '3', use: '99%', viewers: '150' },
    evaluate: ({ cores, use, viewers }) => ({ each: (cores * use) / viewers }),
  }),
]
