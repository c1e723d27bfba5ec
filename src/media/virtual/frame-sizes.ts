/**
 * Sizes that frames of a loop are filled up to, in bytes, so that the loop has `total` bytes: every frame gets its share
 * by weight, and none less than it has by itself. Where a frame cannot be filled (it would need less than `least` bytes of
 * filler), it stays, and the next ones make up for it. When the frames have more than `total` by themselves, they stay.
 */
export function frameSizes(
  natural: readonly number[],
  weights: readonly number[],
  total: number,
  least: number,
): number[] {
  const scale = findScale(natural, weights, total)
  let debt = 0
  return natural.map((size, i) => {
    const wanted = Math.max(size, scale * weights[i]!) + debt
    const filler = Math.round(wanted) - size
    const final = filler < least ? size : size + filler
    debt = wanted - final
    return final
  })
}

/** The scale at which the sum of max(natural, scale * weight) is `total`: between two bounds, halved until they meet. */
function findScale(natural: readonly number[], weights: readonly number[], total: number): number {
  const sum = (scale: number) => natural.reduce((all, size, i) => all + Math.max(size, scale * weights[i]!), 0)
  let low = 0
  let high = total / Math.min(...weights.filter(weight => weight > 0))
  if (sum(0) >= total) return 0
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2
    if (sum(middle) < total) low = middle
    else high = middle
  }
  return high
}
