import { type CountDistribution, countDistribution } from '../maths/distribution.ts'
import { logFactorial } from '../maths/log-gamma.ts'

/** Points on the circle of {@link popularOccupancy}: what is farther than this from `viewers` has no weight. */
function points(viewers: number): number {
  return Math.ceil(8 * Math.sqrt(viewers)) + 30
}

/** Steps that {@link popularOccupancy} takes. */
export function popularSteps(cameras: number, viewers: number, revisits: number): number {
  return (cameras * mostOpen(cameras, viewers, revisits) * points(viewers)) / 2
}

function mostOpen(cameras: number, viewers: number, revisits: number): number {
  return Math.min(cameras, Math.ceil(viewers + revisits + 8 * Math.sqrt(revisits) + 20))
}

/**
 * How many cameras of unequal popularity (`shares`, sum 1) are open when each of `viewers` shows one and `revisits` more (on average,
 * Poisson) were left within the linger. If the number of viewers were Poisson too, cameras would be independent; the term of exactly
 * `viewers` is taken out of that generating function by Cauchy's integral on a circle, whose sum of points is exact to 1e-12.
 */
export function popularOccupancy(shares: Float64Array, viewers: number, revisits: number): CountDistribution {
  const cameras = shares.length
  const most = mostOpen(cameras, viewers, revisits)
  const chances = new Float64Array(most + 1)
  const count = points(viewers)
  // viewers! e^viewers / viewers^viewers: what a Poisson number of viewers is likely to be exactly that, inverted.
  const scale = Math.exp(logFactorial(viewers) + viewers - viewers * Math.log(viewers)) / count
  for (let point = 0; point <= count / 2; point++) {
    const angle = (2 * Math.PI * point) / count
    const product = openPolynomial(shares, viewers, revisits, angle, most)
    const weight = point === 0 || 2 * point === count ? scale : 2 * scale
    const [cos, sin] = [Math.cos(-angle * viewers), Math.sin(-angle * viewers)]
    for (let k = 0; k <= most; k++)
      chances[k] = chances[k]! + weight * (product.real[k]! * cos - product.imaginary[k]! * sin)
  }
  return countDistribution(chances.map(chance => Math.max(0, chance)))
}

/** The product over cameras of (closed + open z), at a point of the circle, as coefficients of z. */
function openPolynomial(shares: Float64Array, viewers: number, revisits: number, angle: number, most: number) {
  const real = new Float64Array(most + 1)
  const imaginary = new Float64Array(most + 1)
  real[0] = 1
  for (let i = 0; i < shares.length; i++) {
    const share = shares[i]!
    const closed = Math.exp(-share * (viewers + revisits))
    const size = Math.exp(share * viewers * (Math.cos(angle) - 1))
    const turn = share * viewers * Math.sin(angle)
    const [openReal, openImaginary] = [size * Math.cos(turn) - closed, size * Math.sin(turn)]
    for (let k = Math.min(i + 1, most); k > 0; k--) {
      const [a, b] = [real[k - 1]!, imaginary[k - 1]!]
      real[k] = real[k]! * closed + a * openReal - b * openImaginary
      imaginary[k] = imaginary[k]! * closed + a * openImaginary + b * openReal
    }
    real[0] = real[0]! * closed
    imaginary[0] = imaginary[0]! * closed
  }
  return { real, imaginary }
}
