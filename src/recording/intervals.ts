import type { Interval } from './types.ts'

export type { Interval }

/** What of `whole` no interval of `covered` covers, in order. `covered` may overlap and come in any order. */
export function uncovered(whole: Interval, covered: readonly Interval[]): Interval[] {
  const rest: Interval[] = []
  let at = whole.start
  for (const { start, end } of [...covered].sort((a, b) => a.start - b.start)) {
    if (end <= at) continue
    if (start >= whole.end) break
    if (start > at) rest.push({ start: at, end: start })
    at = end
  }
  if (at < whole.end) rest.push({ start: at, end: whole.end })
  return rest
}

/** One start or stop by a person. */
export interface WishChange {
  readonly at: number
  readonly record: boolean
}

/**
 * The stretches of `whole` in which nobody wanted a recording. `changes` ascend; `before` is what held until the first.
 */
export function unwanted(whole: Interval, changes: readonly WishChange[], before: boolean): Interval[] {
  const off: Interval[] = []
  let wanted = before
  let since = whole.start
  for (const { at, record } of changes) {
    if (record === wanted) continue
    const end = Math.min(Math.max(at, whole.start), whole.end)
    if (!wanted && end > since) off.push({ start: since, end })
    wanted = record
    since = end
  }
  if (!wanted && whole.end > since) off.push({ start: since, end: whole.end })
  return off
}
