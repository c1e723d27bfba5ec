/**
 * The largest whole number from `from` to `to` whose `need`, which never falls, is within `limit`; `from` when not even that is. Few
 * steps when the guess is near and the need nearly straight: false position, with halving when that gets stuck.
 */
export function mostWithin(
  need: (count: number) => number,
  limit: number,
  range: { from: number; to: number; guess: number },
): number {
  const { from, to } = range
  // The share of the limit is compared with a rounding error to spare, so that what was sized for a number fits it.
  const over = (count: number) => need(count) / (1 + 1e-12) - limit
  let low = from
  let lowOver = over(from)
  if (!(lowOver <= 0)) return from
  let high = to + 1
  let highOver = Number.POSITIVE_INFINITY
  let next = Math.round(Math.min(to, Math.max(from + 1, range.guess)))
  for (let turn = 0; high - low > 1; turn++) {
    const value = over(next)
    if (value <= 0) {
      low = next
      lowOver = value
    } else {
      high = next
      highOver = value
    }
    if (high - low <= 1) break
    next = propose(turn)
  }
  return low

  function propose(turn: number): number {
    let proposal: number
    // The guess is near when the need is straight; when it is not, the end is asked at once.
    if (high > to) proposal = turn === 0 ? Math.ceil(low * 1.2) : to
    else if (!Number.isFinite(highOver)) proposal = Math.floor((low + high) / 2)
    else if (turn % 3 === 2) proposal = Math.floor((low + high) / 2)
    else proposal = Math.round(low + ((high - low) * -lowOver) / (highOver - lowOver))
    return Math.min(high - 1, Math.max(low + 1, proposal))
  }
}
