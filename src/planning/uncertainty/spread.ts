import type { Spread } from '../inputs/types.ts'
import { normalCdf, normalQuantile } from '../maths/normal.ts'

/** Where a normal variable has its P90, in standard deviations. */
export const TENTH = normalQuantile(0.9)

/**
 * The value of a spread for a standard normal number: below its middle a normal distribution through P10 and P50, above it one through
 * P50 and P90, and never below 0. So all three are met exactly, and what is symmetric is normal.
 */
export function spreadAt({ p10, p50, p90 }: Spread, normal: number): number {
  return Math.max(0, p50 + (normal * (normal < 0 ? p50 - p10 : p90 - p50)) / TENTH)
}

export interface Moments {
  readonly mean: number
  readonly variance: number
}

/**
 * Mean and variance of one camera's value when the factor common to all is known: its own normal number is
 * sqrt(rho) common + sqrt(1 - rho) its own, so `rho` is the correlation between two of them. Closed form: the value is a sum of two
 * hinges (zero up to a knot, then straight) of that number.
 */
export function momentsGiven({ p10, p50, p90 }: Spread, common: number, rho: number): Moments {
  const own = Math.sqrt(1 - rho)
  const centre = Math.sqrt(rho) * common
  if (own === 0) return { mean: spreadAt({ p10, p50, p90 }, centre), variance: 0 }
  const below = (p50 - p10) / TENTH
  const above = (p90 - p50) / TENTH
  const middle = hinge(0, centre, own)
  if (below === 0)
    return { mean: p50 + above * middle.first, variance: Math.max(0, above ** 2 * (middle.second - middle.first ** 2)) }
  const knot = -p50 / below
  const zero = hinge(knot, centre, own)
  const bend = above - below
  const mean = below * zero.first + bend * middle.first
  const both = middle.second - knot * middle.first
  const second = below ** 2 * zero.second + bend ** 2 * middle.second + 2 * below * bend * both
  return { mean, variance: Math.max(0, second - mean ** 2) }
}

/** First and second moment of max(0, w - knot), w normal. */
function hinge(knot: number, mean: number, sd: number): { first: number; second: number } {
  const over = mean - knot
  const t = over / sd
  const density = Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI)
  const chance = normalCdf(t)
  return { first: sd * density + over * chance, second: (over * over + sd * sd) * chance + over * sd * density }
}
