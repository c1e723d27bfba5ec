/** The time for which a camera sent to somebody, wall-clock milliseconds; `ended` is null while it does. */
export interface Connection {
  readonly started: number
  readonly ended: number | null
}

/** The most connections that there were at one moment from `from` on. One that ends as another starts does not count beside it. */
export function connectionPeak(connections: readonly Connection[], from: number): number {
  const changes = connections
    .filter(({ ended }) => ended === null || ended > from)
    .flatMap(({ started, ended }) => [
      { at: Math.max(started, from), by: 1 },
      { at: ended ?? Number.POSITIVE_INFINITY, by: -1 },
    ])
    .sort((a, b) => a.at - b.at || a.by - b.by)
  let now = 0
  let most = 0
  for (const { by } of changes) {
    now += by
    most = Math.max(most, now)
  }
  return most
}
