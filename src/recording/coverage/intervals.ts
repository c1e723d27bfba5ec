import type { Interval } from '../types.ts'

/** `[start, end)` of `items` in order and without overlap, cut to `span`; those that touch are one. Linear when they ascend. */
export function union(items: readonly Interval[], span: Interval): Interval[] {
  const result: { start: number; end: number }[] = []
  let last: { start: number; end: number } | undefined
  for (const item of ascending(items)) {
    const start = Math.max(item.start, span.start)
    const end = Math.min(item.end, span.end)
    if (start >= end) continue
    if (last && start <= last.end) last.end = Math.max(last.end, end)
    else {
      last = { start, end }
      result.push(last)
    }
  }
  return result
}

/**
 * `items` without overlap and in order: where several cover a moment, the one that began last has it, of those that began
 * together the last in the list.
 */
export function flatten<T extends Interval>(items: readonly T[]): T[] {
  const result: T[] = []
  // What is open, the one that began last on top; those below may be over already.
  const open: T[] = []
  let at = Number.NEGATIVE_INFINITY
  const advance = (to: number) => {
    for (let top = open.at(-1); top && at < to; top = open.at(-1)) {
      const end = Math.min(top.end, to)
      if (end > at) {
        result.push({ ...top, start: at, end })
        at = end
      }
      if (top.end <= at) open.pop()
    }
    at = to
  }
  for (const item of ascending(items)) {
    if (!(item.end > item.start)) continue
    advance(item.start)
    open.push(item)
  }
  advance(Number.POSITIVE_INFINITY)
  return result
}

/** `upper`, and what of `lower` it does not cover. Both in order and without overlap; so is the result. */
export function overlay<T extends Interval>(lower: readonly T[], upper: readonly T[]): T[] {
  const result: T[] = []
  let next = 0
  for (const piece of lower) {
    let at = piece.start
    while (next < upper.length && upper[next]!.end <= at) result.push(upper[next++]!)
    for (let index = next; index < upper.length && upper[index]!.start < piece.end; index++) {
      const { start, end } = upper[index]!
      if (start > at) result.push({ ...piece, start: at, end: start })
      at = Math.max(at, end)
      if (end > piece.end) break
      result.push(upper[index]!)
      next = index + 1
    }
    if (at < piece.end) result.push({ ...piece, start: at })
  }
  while (next < upper.length) result.push(upper[next++]!)
  return result
}

/** `items` cut to `span`; what lies outside is left out. */
export function within<T extends Interval>(items: readonly T[], span: Interval): T[] {
  const result: T[] = []
  for (const item of items) {
    if (item.end <= span.start || item.start >= span.end) continue
    const whole = item.start >= span.start && item.end <= span.end
    result.push(whole ? item : { ...item, start: Math.max(item.start, span.start), end: Math.min(item.end, span.end) })
  }
  return result
}

function ascending<T extends Interval>(items: readonly T[]): readonly T[] {
  for (let i = 1; i < items.length; i++)
    if (items[i]!.start < items[i - 1]!.start) return [...items].sort((a, b) => a.start - b.start)
  return items
}
