const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI)
const SMALL = Array.from({ length: 32 }, (_, n) => {
  let product = 1
  for (let i = 2; i <= n; i++) product *= i
  return Math.log(product)
})

/** Natural logarithm of n!, n a whole number from 0. Stirling's series from 32 on (error below 1e-15 of the value). */
export function logFactorial(n: number): number {
  const small = SMALL[n]
  if (small !== undefined) return small
  const x = n + 1
  const inverse = 1 / (x * x)
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1_260 - inverse / 1_680))) / x
  return (x - 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI + series
}

/** Natural logarithm of the binomial coefficient; minus infinity where there is none. */
export function logChoose(n: number, k: number): number {
  if (k < 0 || k > n) return Number.NEGATIVE_INFINITY
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k)
}
