/** Insertions, deletions, substitutions and swaps of neighbours between two texts; stops counting above `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let best = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, beforeLast[j - 2]! + 1)
      row.push(best)
    }
    if (Math.min(...row) > limit) return limit + 1
    beforeLast = last
    last = row
  }
  return last[b.length]!
}

/** The one of `known` that `word` was most likely meant to be, or undefined. Case, `-` and `_` count for nothing. */
export function suggest(word: string, known: Iterable<string>): string | undefined {
  if (word.length === 0 || word.length > 64) return undefined
  const normal = (text: string) => text.toLowerCase().replaceAll(/[-_ ]/g, '')
  const wanted = normal(word)
  let nearest: string | undefined
  let nearestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1
  for (const candidate of known) {
    const distance = editDistance(wanted, normal(candidate), nearestDistance)
    if (distance < nearestDistance) {
      nearest = candidate
      nearestDistance = distance
    }
  }
  return nearest
}

/** The hint that follows an unknown word: the nearest known one, else all of them when they are few. */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  const nearest = suggest(word, known)
  if (nearest !== undefined) return `did you mean "${nearest}"?`
  return known.length > 0 && known.length <= 20 ? `known here: ${known.join(', ')}` : undefined
}
