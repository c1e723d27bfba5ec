import { normalQuantile } from './normal.ts'

/**
 * A count that is not certain. `quantile(q)` is the least count that is not exceeded with chance q. `method` says whether its
 * quantiles are exact or those of a normal distribution of the same mean and spread, which is taken for what is too large.
 */
export interface CountDistribution {
  mean: number
  sd: number
  method: 'exact' | 'normal'
  quantile(q: number): number
}

/** Sums of many chances are this much off: what is as improbable does not happen, and as near to q is q. */
const ROUNDING = 1e-12

/** The distribution with these chances of `first`, `first` + 1 and so on; they need not sum to 1. */
export function countDistribution(chances: ArrayLike<number>, first = 0): CountDistribution {
  let total = 0
  let mean = 0
  for (let i = 0; i < chances.length; i++) {
    total += chances[i]!
    mean += chances[i]! * i
  }
  mean /= total
  let variance = 0
  for (let i = 0; i < chances.length; i++) variance += chances[i]! * (i - mean) ** 2
  const quantile = (q: number) => {
    let sum = 0
    for (let i = 0; i < chances.length; i++) {
      sum += chances[i]! / total
      if (sum >= Math.max(q - ROUNDING, ROUNDING)) return first + i
    }
    return first + chances.length - 1
  }
  return { mean: first + mean, sd: Math.sqrt(variance / total), method: 'exact', quantile }
}

/** The count between 0 and `most` whose distribution is near a normal one, with the correction for whole numbers. */
export function normalCount(mean: number, sd: number, most: number): CountDistribution {
  const quantile = (q: number) => {
    if (sd === 0) return Math.min(most, Math.ceil(mean - 1e-9))
    return Math.min(most, Math.max(0, Math.ceil(mean + sd * normalQuantile(q) - 0.5)))
  }
  return { mean, sd, method: 'normal', quantile }
}

/** The count that is always the same. */
export function certainCount(count: number): CountDistribution {
  return { mean: count, sd: 0, method: 'exact', quantile: () => count }
}
