import { VmsError } from '../../kernel/errors.ts'
import { binomial } from '../maths/binomial.ts'
import type { CountDistribution } from '../maths/distribution.ts'
import { harmonic, zipfShares } from '../maths/zipf.ts'
import { watchedClosed } from '../viewers/closed.ts'
import { openLoad, startsPerHour, watchedOpen } from '../viewers/open.ts'
import { cameras, count, number, seconds, share, wall, zipf } from './common-inputs.ts'
import { formula, type QuantityInput } from './formula.ts'
import { FREQUENCY, SHARE } from './quantities.ts'
import { SOURCES } from './sources.ts'

const arrivals: QuantityInput = {
  ...number('sessions that begin (bare: a second)', 600, { max: 1e9 }),
  kind: FREQUENCY,
  unit: '/h',
}
/** Without a linger it is what is watched at a moment, whatever runs the streams. */
const momentary = seconds('how long a stream stays open after its last viewer (vmsctl: 30 s)', 0)
const spread = {
  mean: { meaning: 'different cameras that are open, mean', unit: 'cameras' },
  sd: { meaning: 'standard deviation', unit: 'cameras' },
  p50: { meaning: 'not exceeded half of the time', unit: 'cameras' },
  p95: { meaning: 'not exceeded 95 % of the time', unit: 'cameras' },
  p99: { meaning: 'not exceeded 99 % of the time', unit: 'cameras' },
} as const

function figures(of: CountDistribution): Record<keyof typeof spread, number> {
  return { mean: of.mean, sd: of.sd, p50: of.quantile(0.5), p95: of.quantile(0.95), p99: of.quantile(0.99) }
}

/** Throws VMS_E_USAGE where a wall has more tiles than there are cameras to show. */
export function fitting<Wall extends { cameras: number; tiles: number }>(values: Wall): Wall {
  if (values.cameras === 0 || values.tiles <= values.cameras) return values
  throw new VmsError('VMS_E_USAGE', `${values.tiles} tiles cannot show different cameras of ${values.cameras}`, {
    hint: 'Set tiles to the number of cameras or fewer.',
  })
}

const told = (of: CountDistribution) =>
  of.method === 'exact'
    ? 'The quantiles are exact.'
    : 'The quantiles are those of a normal distribution with this mean and standard deviation: no exact way is quick enough here.'

export const VIEWERS = [
  formula({
    id: 'viewers.closed',
    title: 'Cameras that a fixed staff keeps open',
    expression:
      'sum over cameras of 1 - [(1 - p) e^(-r linger / dwell)]^viewers; all alike: p = tiles / cameras, r = tiles / (cameras - tiles + 1); one tile: r = p',
    words:
      'A camera is closed when no wall shows it, with chance 1 - p each, and none did within the linger. p is the chance that a wall shows it, r how often it comes onto one in a dwell time; with Zipf both follow from popularity.',
    inputs: {
      cameras: cameras(),
      viewers: wall.viewers,
      zipf: { ...zipf(), default: 0 },
      tiles: { ...wall.tiles, default: 1, grade: 'assumption', source: SOURCES.judgement },
      dwell: seconds('mean time until a tile changes its camera', 60, { above: true }),
      linger: momentary,
    },
    results: spread,
    grade: 'derived',
    source: SOURCES.mathematics,
    example: { cameras: '200', viewers: '20', zipf: '0', tiles: '1', dwell: '60s', linger: '30s' },
    evaluate: values => figures(watchedClosed(fitting(values))),
    note: values => told(watchedClosed(values)),
  }),
  formula({
    id: 'viewers.open',
    title: 'Cameras that visitors keep open',
    expression:
      'sum over cameras of 1 - e^(-arrivals p (session + linger)); starts: arrivals sum p e^(-arrivals p (session + linger))',
    words:
      'Sessions begin at random (Poisson) and last whatever they last; a camera is open while there is at least one within session and linger (M/G/infinity).',
    inputs: {
      cameras: cameras(),
      arrivals,
      session: seconds('mean length of a session', 120),
      linger: momentary,
      zipf: zipf(),
    },
    results: {
      ...spread,
      'starts-per-hour': { meaning: 'streams that are started an hour', unit: '/h' },
    },
    grade: 'derived',
    source: SOURCES.mathematics,
    example: { cameras: '200', arrivals: '600/h', session: '120s', linger: '30s', zipf: '1' },
    evaluate: values => ({ ...figures(watchedOpen(values)), 'starts-per-hour': startsPerHour(values) }),
    note: values => told(watchedOpen(values)),
  }),
  formula({
    id: 'viewers.load',
    title: 'Visitors at once',
    expression: 'arrivals x (session + linger)',
    words: "Little's law; in erlangs it is the load of erlang.b.",
    inputs: { arrivals, session: seconds('mean length of a session', 120), linger: momentary },
    results: { load: { meaning: 'sessions at once, mean', unit: 'erlang' } },
    grade: 'derived',
    source: SOURCES.mathematics,
    example: { arrivals: '600/h', session: '120s', linger: '0s' },
    evaluate: values => ({ load: openLoad(values) }),
  }),
  formula({
    id: 'viewers.popularity',
    title: 'Zipf popularity',
    expression: 'p = rank^-zipf / H, H = sum of i^-zipf for i = 1 to cameras',
    words: 'The camera of a rank is watched in proportion to a power of its rank.',
    inputs: { cameras: { ...cameras(), min: 1 }, zipf: zipf(), rank: count('rank of the camera', 1, { min: 1 }) },
    results: {
      share: { meaning: 'share of the viewers', unit: 'share', kind: SHARE },
      harmonic: { meaning: 'the sum H', unit: 'ratio' },
    },
    grade: 'assumption',
    source: SOURCES.poolPopularity,
    example: { cameras: '200', zipf: '1', rank: '1' },
    evaluate: values => ({
      share: zipfShares(values.cameras, values.zipf)[values.rank - 1] ?? 0,
      harmonic: harmonic(values.cameras, values.zipf),
    }),
  }),
  formula({
    id: 'binomial.quantile',
    title: 'How many of n at once',
    expression: 'the least k with P(X <= k) >= q, X binomial (n, p)',
    words: 'Each of n people watches with chance p, on their own; k is not exceeded with chance q.',
    inputs: {
      n: count('people', 200),
      p: share('chance that each watches', 0.1),
      q: share('how sure to be', 0.95),
    },
    results: {
      quantile: { meaning: 'not exceeded with that chance', unit: 'viewers' },
      mean: { meaning: 'mean', unit: 'viewers' },
      sd: { meaning: 'standard deviation', unit: 'viewers' },
    },
    grade: 'derived',
    source: SOURCES.mathematics,
    example: { n: '200', p: '10%', q: '95%' },
    evaluate: ({ n, p, q }) => {
      const of = binomial(n, p)
      return { quantile: of.quantile(q), mean: of.mean, sd: of.sd }
    },
  }),
]
