/** The n-th harmonic number of order s: the sum of i^-s for i = 1 to n, the smallest first. */
export function harmonic(n: number, s: number): number {
  let sum = 0
  for (let i = n; i >= 1; i--) sum += i ** -s
  return sum
}

/** Popularity of n cameras, the most popular first, as shares that sum to 1; s = 0 is uniform. */
export function zipfShares(n: number, s: number): Float64Array {
  if (s === 0) return new Float64Array(n).fill(1 / n)
  const shares = Float64Array.from({ length: n }, (_, index) => (index + 1) ** -s)
  let sum = 0
  for (let i = n - 1; i >= 0; i--) sum += shares[i]!
  for (let i = 0; i < n; i++) shares[i] = shares[i]! / sum
  return shares
}
