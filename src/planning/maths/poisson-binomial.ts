import { type CountDistribution, countDistribution, normalCount } from './distribution.ts'

/** Beyond so many different chances the sum is taken as normal; with 20,000 its quantiles are off by one count at most. */
const MOST_EXACT = 20_000
/** What is this improbable is left out of the sum. */
const NEGLIGIBLE = 1e-30

/** How many of independent things happen that have each a chance of their own. */
export function poissonBinomial(chances: ArrayLike<number>): CountDistribution {
  let mean = 0
  let variance = 0
  for (let i = 0; i < chances.length; i++) {
    mean += chances[i]!
    variance += chances[i]! * (1 - chances[i]!)
  }
  const sd = Math.sqrt(variance)
  if (chances.length > MOST_EXACT) return normalCount(mean, sd, chances.length)
  const { first, values } = poissonBinomialChances(chances)
  return { mean, sd, method: 'exact', quantile: countDistribution(values, first).quantile }
}

/** Chances of `first`, `first` + 1 and so on, by adding one thing after the other (exact but for what is negligible). */
function poissonBinomialChances(chances: ArrayLike<number>): { first: number; values: Float64Array } {
  const sums = new Float64Array(chances.length + 1)
  sums[0] = 1
  let low = 0
  let high = 0
  for (let i = 0; i < chances.length; i++) {
    const p = chances[i]!
    high++
    for (let k = high; k > low; k--) sums[k] = sums[k]! * (1 - p) + sums[k - 1]! * p
    sums[low] = sums[low]! * (1 - p)
    while (low < high && sums[low]! < NEGLIGIBLE) sums[low++] = 0
    while (high > low && sums[high]! < NEGLIGIBLE) sums[high--] = 0
  }
  return { first: low, values: sums.slice(low, high + 1) }
}
