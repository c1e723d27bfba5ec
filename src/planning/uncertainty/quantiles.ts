/** Mean and quantiles of drawn values: the least one that is not exceeded by that share of them. The order of `values` is kept. */
export function summarise(values: Float64Array): { mean: number; p50: number; p90: number; p95: number } {
  const sorted = values.toSorted()
  const at = (q: number) => sorted[rankOf(q, sorted.length)] ?? 0
  let sum = 0
  for (let i = 0; i < sorted.length; i++) sum += sorted[i]!
  return { mean: sum / sorted.length, p50: at(0.5), p90: at(0.9), p95: at(0.95) }
}

/** P95 alone, by quick selection: a search asks for it often. The order of `values` is lost. */
export function p95(values: Float64Array): number {
  return selected(values, 0.95)
}

/** P50 and P95 alone, as quickly. The order of `values` is lost. */
export function middleAndHigh(values: Float64Array): { p50: number; p95: number } {
  return { p50: selected(values, 0.5), p95: selected(values, 0.95) }
}

function selected(values: Float64Array, q: number): number {
  const rank = rankOf(q, values.length)
  let low = 0
  let high = values.length - 1
  while (low < high) {
    const pivot = values[(low + high) >> 1]!
    let left = low
    let right = high
    while (left <= right) {
      while (values[left]! < pivot) left++
      while (values[right]! > pivot) right--
      if (left > right) break
      const swap = values[left]!
      values[left++] = values[right]!
      values[right--] = swap
    }
    if (rank <= right) high = right
    else if (rank >= left) low = left
    else break
  }
  return values[rank] ?? 0
}

function rankOf(q: number, count: number): number {
  return Math.max(0, Math.ceil(q * count) - 1)
}
