/**
 * Mean and standard deviation of the number of open cameras when all are as popular, whatever their number: one camera's chance to be
 * closed, and that of two. A wall of k of N leaves out two with the product of their chances times 1 - k / ((N - 1) (N - k)).
 */
export function uniformMoments(of: { cameras: number; viewers: number; tiles: number; dwells: number }): {
  mean: number
  sd: number
} {
  const { cameras, viewers, tiles, dwells } = of
  const entry = tiles / (cameras - tiles + 1)
  const logClosed = viewers * (Math.log1p(-tiles / cameras) - entry * dwells)
  const [open, closed] = [-Math.expm1(logClosed), Math.exp(logClosed)]
  // Two of two cameras on walls of one cannot both be closed: the logarithm of 0 is right.
  const tie = cameras === 1 ? 0 : Math.expm1(viewers * Math.log1p(-tiles / ((cameras - 1) * (cameras - tiles))))
  const variance = cameras * open * closed + cameras * (cameras - 1) * closed * closed * tie
  return { mean: cameras * open, sd: Math.sqrt(Math.max(0, variance)) }
}
