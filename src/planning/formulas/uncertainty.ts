import { VmsError } from '../../kernel/errors.ts'
import { correlatedSum, lognormal, lognormalSigma } from '../uncertainty/correlated.ts'
import { bitRate, cameras, number, share } from './common-inputs.ts'
import { formula } from './formula.ts'
import { BIT_RATE } from './quantities.ts'
import { SOURCES } from './sources.ts'

const rate = (meaning: string) => ({ meaning, unit: 'Mbps', kind: BIT_RATE }) as const

export const UNCERTAINTY = [
  formula({
    id: 'uncertainty.correlated',
    title: 'A sum of cameras that are noisy together',
    expression: 'sd x sqrt(cameras + cameras (cameras - 1) rho); P95 = cameras x mean + 1.6449 x that',
    words: 'Independent errors average out, common ones do not: at night all cameras get noisy at once.',
    inputs: {
      cameras: cameras(),
      mean: bitRate('mean bit rate of a camera', 4, { source: SOURCES.owner }),
      sd: bitRate('standard deviation of a camera', 2),
      rho: share('correlation of any two cameras', 0.3),
    },
    results: {
      sd: rate('standard deviation of the sum'),
      p95: rate('not exceeded 95 % of the time'),
      mean: rate('mean of the sum'),
    },
    grade: 'derived',
    source: SOURCES.mathematics,
    example: { cameras: '200', mean: '4Mbps', sd: '2Mbps', rho: '0.3' },
    evaluate: ({ cameras: count, mean, sd, rho }) => {
      const of = correlatedSum({ cameras: count, mean, sd, rho })
      return { sd: of.sd, p95: of.p95, mean: of.mean }
    },
  }),
  formula({
    id: 'uncertainty.lognormal',
    title: 'A bit rate that can be far above its median',
    expression: 'median x e^(sigma z); mean = median x e^(sigma^2 / 2)',
    words: 'Bit rates are not symmetric: twice as much is as likely as half as much.',
    inputs: {
      median: bitRate('median bit rate', 4, { source: SOURCES.owner }),
      sigma: number('standard deviation of its logarithm', 0.35, { max: 5 }),
    },
    results: {
      p95: rate('not exceeded 95 % of the time'),
      mean: rate('mean'),
      sd: rate('standard deviation'),
      p10: rate('not exceeded 10 % of the time'),
      p90: rate('not exceeded 90 % of the time'),
      'p95-over-mean': { meaning: 'P95 by the mean', unit: 'ratio' },
    },
    grade: 'derived',
    source: SOURCES.mathematics,
    example: { median: '4Mbps', sigma: '0.35' },
    evaluate: values => {
      const { p95, mean, sd, p10, p90 } = lognormal(values)
      return { p95, mean, sd, p10, p90, 'p95-over-mean': mean === 0 ? 0 : p95 / mean }
    },
  }),
  formula({
    id: 'uncertainty.sigma',
    title: 'The spread behind P10 and P90',
    expression: 'ln(p90 / p10) / (2 x 1.2816)',
    words: 'The log-normal through two quantiles.',
    inputs: {
      p10: bitRate('not exceeded 10 % of the time', 2, { above: true }),
      p90: bitRate('not exceeded 90 % of the time', 6, { above: true }),
    },
    results: { sigma: { meaning: 'standard deviation of the logarithm', unit: 'ratio' } },
    grade: 'derived',
    source: SOURCES.mathematics,
    example: { p10: '2Mbps', p90: '6Mbps' },
    evaluate: ({ p10, p90 }) => {
      if (p90 < p10) throw new VmsError('VMS_E_USAGE', 'p90 is under p10', { hint: 'Set p90 to p10 or more.' })
      return { sigma: lognormalSigma(p10, p90) }
    },
  }),
]
