import type { NumberLedger } from './number-ledger.ts'
import type { SentRange, SentSession } from './send-ledger.ts'

/** What was sent, against what is on disk. */
export interface SendingsCheck {
  /** Whole frames that were sent to at least one viewer. */
  readonly sent: number
  /** Of these, frames that are missing between two recorded frames of one session: lost on our side. */
  readonly missing: number
  readonly missingRanges: readonly SentRange[]
  /** Sent before the first recorded frame of their session. */
  readonly before: number
  /** Sent after the last recorded frame of their session: still on their way, or in memory, when it ended. */
  readonly behind: number
}

/**
 * Compares the frames that viewers were sent with those that were recorded. With `from` and `to` in use only the recorded
 * part of a session is compared. What several viewers were sent counts once.
 */
export function checkSendings(sessions: readonly SentSession[], ledger: NumberLedger): SendingsCheck {
  const result = { sent: 0, missing: 0, missingRanges: [] as SentRange[], before: 0, behind: 0 }
  for (const session of mergeSessions(sessions)) {
    const recorded = session.flatMap(range => recordedWithin(range, ledger))
    const first = recorded[0]?.first ?? Number.POSITIVE_INFINITY
    const last = recorded.at(-1)?.last ?? Number.NEGATIVE_INFINITY
    for (const range of session) {
      result.sent += range.last - range.first + 1
      for (const hole of without(range, recorded)) {
        const size = hole.last - hole.first + 1
        if (hole.last < first && recorded.length > 0) result.before += size
        else if (hole.first > last) result.behind += size
        else {
          result.missing += size
          result.missingRanges.push(hole)
        }
      }
    }
  }
  return result
}

/** Ranges of each session; sessions that overlap are one. */
function mergeSessions(sessions: readonly SentSession[]): SentRange[][] {
  const sorted = sessions.map(session => session.ranges).filter(ranges => ranges.length > 0)
  sorted.sort((a, b) => a[0]!.first - b[0]!.first)
  const merged: SentRange[][] = []
  for (const ranges of sorted) {
    const previous = merged.at(-1)
    if (previous && ranges[0]!.first <= previous.at(-1)!.last)
      merged[merged.length - 1] = union([...previous, ...ranges])
    else merged.push([...ranges])
  }
  return merged
}

function union(ranges: readonly SentRange[]): SentRange[] {
  const result: SentRange[] = []
  for (const { first, last } of [...ranges].sort((a, b) => a.first - b.first)) {
    const previous = result.at(-1)
    if (previous && first <= previous.last + 1) previous.last = Math.max(previous.last, last)
    else result.push({ first, last })
  }
  return result
}

/** The parts of `range` that are in the ledger. */
function recordedWithin(range: SentRange, ledger: NumberLedger): SentRange[] {
  const first = Math.max(range.first, ledger.first)
  const last = Math.min(range.last, ledger.last)
  return ledger.first < 0 || first > last ? [] : without({ first, last }, ledger.gaps)
}

/** `range` without `holes`, which are ascending. */
function without(range: SentRange, holes: readonly SentRange[]): SentRange[] {
  const parts: SentRange[] = []
  let at = range.first
  for (let i = firstEndingAt(holes, range.first); i < holes.length && holes[i]!.first <= range.last; i++) {
    const { first, last } = holes[i]!
    if (first > at) parts.push({ first: at, last: first - 1 })
    at = Math.max(at, last + 1)
  }
  if (at <= range.last) parts.push({ first: at, last: range.last })
  return parts
}

/** Index of the first of ascending ranges that ends at `number` or later. */
function firstEndingAt(ranges: readonly SentRange[], number: number): number {
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (ranges[middle]!.last < number) low = middle + 1
    else high = middle
  }
  return low
}
