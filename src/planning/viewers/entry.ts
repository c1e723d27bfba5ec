/**
 * How often a wall comes to show each camera that it does not show, per dwell time. In the long run a camera is as often taken as left;
 * a tile that shows it leaves it unless it draws it again, among those that the other tiles do not show. Exact for one tile (the
 * popularity) and for equal popularity, tiles / (cameras - tiles + 1); else what the others show is taken at its mean.
 */
export function entryRates(shares: Float64Array, shown: Float64Array, tiles: number): Float64Array {
  if (tiles === 1) return shares
  const hidden = shares.reduce((sum, share, i) => sum + share * shown[i]!, 0)
  return shares.map((share, i) => {
    const p = shown[i]!
    const others = ((hidden - share * p) * (tiles - 1)) / (tiles - p)
    const leaves = 1 - share / (1 - others)
    return (leaves * p) / (1 - p)
  })
}
