import { binomial } from '../maths/binomial.ts'
import { type CountDistribution, certainCount } from '../maths/distribution.ts'
import { poissonBinomial } from '../maths/poisson-binomial.ts'
import { zipfShares } from '../maths/zipf.ts'
import { SECONDS_PER_HOUR } from '../periods.ts'

/** People who come and go (web, mobile). Times in seconds, `arrivals` in sessions a second over the whole site. */
export interface OpenViewers {
  cameras: number
  arrivals: number
  /** Mean length of a session; its distribution does not matter. */
  session: number
  linger: number
  zipf: number
}

/** Sessions at once, those that linger among them: Little's law; in erlangs. */
export function openLoad(of: { arrivals: number; session: number; linger: number }): number {
  return of.arrivals * (of.session + of.linger)
}

/** Chance that each camera is open, the most popular first: 1 - e^(-arrivals x share x (session + linger)). Exact (M/G/infinity). */
export function openChances(of: OpenViewers): Float64Array {
  const load = openLoad(of)
  return zipfShares(of.cameras, of.zipf).map(share => -Math.expm1(-load * share))
}

/** How many different cameras are open. They are independent in this model, so its quantiles are exact. */
export function watchedOpen(of: OpenViewers): CountDistribution {
  if (of.cameras === 0) return certainCount(0)
  const chances = openChances(of)
  return of.zipf === 0 ? binomial(of.cameras, chances[0]!) : poissonBinomial(chances)
}

/** Mean and spread alone: for whoever asks for many numbers of cameras, where the exact quantiles would take most of the time. */
export function openMoments(of: OpenViewers): { mean: number; sd: number } {
  if (of.cameras === 0) return { mean: 0, sd: 0 }
  const chances = openChances(of)
  const mean = chances.reduce((sum, p) => sum + p, 0)
  return { mean, sd: Math.sqrt(chances.reduce((sum, p) => sum + p * (1 - p), 0)) }
}

/** How often an hour a stream has to be started: an arrival at a camera that is not open. */
export function startsPerHour(of: OpenViewers): number {
  const load = openLoad(of)
  const starts = zipfShares(of.cameras, of.zipf).reduce((sum, share) => sum + share * Math.exp(-load * share), 0)
  return SECONDS_PER_HOUR * of.arrivals * starts
}
