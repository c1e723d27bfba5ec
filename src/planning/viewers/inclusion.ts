/** Above so many steps the exact inclusion of a popular camera is replaced by that of independent ones. */
const MOST_EXACT = 2_000_000

/**
 * Chance that each camera is on a wall of `tiles` different ones, at least one and fewer than there are. A tile that changes takes one of those that no other tile shows,
 * by popularity; in the long run a set of cameras is then shown in proportion to the product of their popularities (conditional Poisson
 * sampling), and its inclusion chances follow. One tile: the popularity itself. Equal popularity: tiles / cameras.
 */
export function inclusionChances(shares: Float64Array, tiles: number): Float64Array {
  const cameras = shares.length
  if (tiles === 1) return shares
  const independent = independentChances(shares, tiles)
  return cameras * tiles > MOST_EXACT ? independent : givenTheirNumber(independent, tiles)
}

/** Chances p with p / (1 - p) in proportion to the popularity and with `tiles` as their sum. */
function independentChances(shares: Float64Array, tiles: number): Float64Array {
  // Newton's method for the logarithm of the scale; from below the sum grows ever slower with it, so no step is too small.
  let scale = tiles
  for (let step = 0; step < 100; step++) {
    let sum = 0
    let slope = 0
    for (let i = 0; i < shares.length; i++) {
      const odds = scale * shares[i]!
      sum += odds / (1 + odds)
      slope += odds / (1 + odds) ** 2
    }
    if (Math.abs(sum - tiles) < 1e-12 * tiles) break
    scale *= Math.exp(Math.min(2, (tiles - sum) / slope))
  }
  return shares.map(share => (scale * share) / (1 + scale * share))
}

/** The chance of each when exactly `tiles` of independent ones happen: from the sums of those before it and after it. */
function givenTheirNumber(chances: Float64Array, tiles: number): Float64Array {
  const width = tiles + 1
  const sums = (order: (step: number) => number) => {
    const table = new Float64Array((chances.length + 1) * width)
    table[0] = 1
    for (let step = 0; step < chances.length; step++) {
      const p = chances[order(step)]!
      const from = step * width
      for (let k = 0; k < width; k++)
        table[from + width + k] = table[from + k]! * (1 - p) + (k > 0 ? table[from + k - 1]! * p : 0)
    }
    return table
  }
  const before = sums(step => step)
  const after = sums(step => chances.length - 1 - step)
  const all = before[chances.length * width + tiles]!
  return chances.map((p, i) => {
    let others = 0
    const rest = (chances.length - 1 - i) * width
    for (let k = 0; k < tiles; k++) others += before[i * width + k]! * after[rest + tiles - 1 - k]!
    return (p * others) / all
  })
}
