/** Ends within WINDOW that make a worker flap, and the wait between starts from then on, milliseconds. */
const LIMIT = 5
const WINDOW = 60_000
const RETRY = 60_000

/** The unexpected ends of one slot's workers; times are monotonic milliseconds, ascending. */
export interface ExitHistory {
  readonly recent: readonly number[]
  readonly flapping: boolean
}

export const NO_EXITS: ExitHistory = { recent: [], flapping: false }

/** The history with one more end at `now`. Five within a minute begin flapping; a life of more than a minute ends it. */
export function recordExit(history: ExitHistory, now: number): ExitHistory {
  const recent = [...history.recent, now].slice(-LIMIT)
  const before = history.recent.at(-1)
  // While it flaps, starts come RETRY after each end.
  const livedLong = before !== undefined && now - before > RETRY + WINDOW
  const many = recent.length === LIMIT && now - recent[0]! <= WINDOW
  return { recent, flapping: many || (history.flapping && !livedLong) }
}

/** The earliest time of the next start: at once (in the past), or a minute after the last end of a worker that flaps. */
export function restartTime(history: ExitHistory): number {
  const last = history.recent.at(-1)
  if (last === undefined) return Number.NEGATIVE_INFINITY
  return history.flapping ? last + RETRY : last
}
