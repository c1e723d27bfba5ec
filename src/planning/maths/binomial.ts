import { type CountDistribution, certainCount, countDistribution } from './distribution.ts'
import { logChoose } from './log-gamma.ts'

/** Chances smaller than this part of the likeliest are left out. */
const NEGLIGIBLE = 1e-22

/** How many of n independent things happen, each with chance p. Exact for any n: only what matters around the mode is summed. */
export function binomial(n: number, p: number): CountDistribution {
  if (n === 0 || p === 0) return certainCount(0)
  if (p === 1) return certainCount(n)
  const mode = Math.min(n, Math.floor((n + 1) * p))
  const odds = p / (1 - p)
  const above: number[] = []
  for (let k = mode, chance = 1; k < n && chance > NEGLIGIBLE; k++) {
    chance *= ((n - k) / (k + 1)) * odds
    above.push(chance)
  }
  const below: number[] = []
  for (let k = mode, chance = 1; k > 0 && chance > NEGLIGIBLE; k--) {
    chance *= k / (n - k + 1) / odds
    below.push(chance)
  }
  const { quantile } = countDistribution([...below.reverse(), 1, ...above], mode - below.length)
  return { mean: n * p, sd: Math.sqrt(n * p * (1 - p)), method: 'exact', quantile }
}

/** Chance that at least k of n happen, each with chance p: summed from its small end, so that a small chance stays exact. */
export function binomialAtLeast(k: number, n: number, p: number): number {
  if (k <= 0) return 1
  if (k > n || p === 0) return 0
  if (p === 1) return 1
  const term = (i: number) => Math.exp(logChoose(n, i) + i * Math.log(p) + (n - i) * Math.log1p(-p))
  const sum = (from: number, to: number) => {
    let total = 0
    for (let i = from; i <= to; i++) total += term(i)
    return total
  }
  return k > n * p ? Math.min(1, sum(k, n)) : 1 - sum(0, k - 1)
}
