/** Mean and quantiles of drawn values: the least one that is not exceeded by that share of them. The order of `values` is kept. */
export function summarise(values: Float64Array): { mean: number; p50: number; p90: number; p95: number } {
  const sorted = values.toSorted()
  const at = (q: number) => sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? 0
  let sum = 0
  for (let i = 0; i < sorted.length; i++) sum += sorted[i]!
  return { mean: sum / sorted.length, p50: at(0.5), p90: at(0.9), p95: at(0.95) }
}

/** P95 alone. */
export function p95(values: Float64Array): number {
  const sorted = values.toSorted()
  return sorted[Math.max(0, Math.ceil(0.95 * sorted.length) - 1)] ?? 0
}
