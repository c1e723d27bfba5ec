import { normalQuantile } from '../maths/normal.ts'

export interface Spread {
  mean: number
  sd: number
  p50: number
  p95: number
}

/** The sum over cameras of one mean and spread that are pairwise correlated (0 to 1): sd = s sqrt(N + N (N - 1) rho). */
export function correlatedSum(of: { cameras: number; mean: number; sd: number; rho: number }): Spread {
  const mean = of.cameras * of.mean
  const sd = of.sd * Math.sqrt(of.cameras + of.cameras * (of.cameras - 1) * of.rho)
  return { mean, sd, p50: mean, p95: mean + normalQuantile(0.95) * sd }
}

/** How far 10 % and 90 % are from the middle of a normal distribution, in standard deviations. */
const TENTH = normalQuantile(0.9)

/** The log-normal with this median and this spread of its logarithm. */
export function lognormal(of: { median: number; sigma: number }): Spread & { p10: number; p90: number } {
  const { median, sigma } = of
  const at = (q: number) => median * Math.exp(sigma * normalQuantile(q))
  const mean = median * Math.exp((sigma * sigma) / 2)
  const sd = mean * Math.sqrt(Math.expm1(sigma * sigma))
  return { mean, sd, p10: at(0.1), p50: median, p90: at(0.9), p95: at(0.95) }
}

/** The spread of the logarithm (sigma) of a log-normal whose 10 % and 90 % are these. */
export function lognormalSigma(p10: number, p90: number): number {
  return Math.log(p90 / p10) / (2 * TENTH)
}
