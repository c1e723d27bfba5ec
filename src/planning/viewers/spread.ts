/**
 * Standard deviation of the number of open cameras. Cameras are not independent, for viewers are shared out among them: two are both
 * closed with the product of their chances times (1 - a_i a_j)^viewers. Written out as a binomial series the sum over pairs becomes one
 * over cameras, so a million of them cost no more than a sum.
 */
export function closedSpread(shown: Float64Array, open: Float64Array, viewers: number, tiles: number): number {
  const ties = tiesOf(shown, tiles)
  // Powers of a camera's tie times its chance to be closed, those that are surely open left out.
  let powers = open.map((p, i) => (shown[i]! < 1 ? 1 - p : 0))
  let variance = open.reduce((sum, p) => sum + p * (1 - p), 0)
  let factor = 1
  for (let order = 1; order <= viewers; order++) {
    factor *= -(viewers - order + 1) / order
    powers = powers.map((power, i) => power * ties[i]!)
    let sum = 0
    let squares = 0
    for (let i = 0; i < powers.length; i++) {
      sum += powers[i]!
      squares += powers[i]! ** 2
    }
    const term = factor * (sum * sum - squares)
    variance += term
    if (Math.abs(term) <= 1e-15 * Math.abs(variance)) break
  }
  return Math.sqrt(Math.max(0, variance))
}

/** The a_i: exact for one tile (odds) and for equal chances; for popular cameras on walls, Hajek's approximation. */
function tiesOf(shown: Float64Array, tiles: number): Float64Array {
  if (tiles === 1) return shown.map(p => (p < 1 ? p / (1 - p) : 0))
  const spread = shown.reduce((sum, p) => sum + p * (1 - p), 0)
  const scale = Math.sqrt(shown.length / (shown.length - 1) / spread)
  return shown.map(p => p * scale)
}
