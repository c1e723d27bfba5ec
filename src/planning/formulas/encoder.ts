import { encoderSessions } from '../encoder/sessions.ts'
import { count, share } from './common-inputs.ts'
import { formula } from './formula.ts'
import { SHARE } from './quantities.ts'
import { SOURCES } from './sources.ts'

type SessionInputs = {
  streams: number
  renditions: number
  encode: number
  decode: number
  fill: number
  limit: number
}

/** A limit of 0 stands for none, as drivers of professional cards have. */
const load = (values: SessionInputs) =>
  encoderSessions({ ...values, limit: values.limit === 0 ? Number.POSITIVE_INFINITY : values.limit })

export const ENCODER = [
  formula({
    id: 'encoder.sessions',
    title: 'Cards for transcoding',
    expression:
      'ceil(max(streams x renditions x encode / fill, streams x decode / fill, streams x renditions / limit))',
    words:
      'Each stream is decoded once and encoded for every rendition, on two engines of the card; the dearer half decides, or the limit of sessions.',
    inputs: {
      streams: count('streams that are transcoded at once', 40, { source: SOURCES.owner }),
      renditions: count('renditions of each', 1, { max: 20, source: SOURCES.owner }),
      encode: share('of a card for one encode', 0.02, { source: SOURCES.owner }),
      decode: share('of a card for one decode', 0.02),
      fill: share('how full a card may be', 0.9, { source: SOURCES.owner, above: true }),
      limit: count('sessions that the driver allows on a card, 0 for no limit', 0),
    },
    results: {
      cards: { meaning: 'cards', unit: 'cards' },
      'encode-load': { meaning: 'all encodes, in cards', unit: 'share', kind: SHARE },
      'decode-load': { meaning: 'all decodes, in cards', unit: 'share', kind: SHARE },
      encodes: { meaning: 'encodes at once', unit: 'sessions' },
      decodes: { meaning: 'decodes at once', unit: 'sessions' },
    },
    grade: 'derived',
    source: SOURCES.owner,
    example: { streams: '40', renditions: '1', encode: '2%', decode: '2%', fill: '90%' },
    evaluate: values => {
      const of = load(values)
      return {
        cards: of.cards,
        'encode-load': of.encodeLoad,
        'decode-load': of.decodeLoad,
        encodes: of.encodes,
        decodes: of.decodes,
      }
    },
    note: values => {
      const { decides } = load(values)
      return decides === 'sessions' ? 'The limit of sessions decides.' : `The ${decides} half decides.`
    },
  }),
]
