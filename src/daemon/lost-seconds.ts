import { CLOCK_SET, type Interval, uncovered, unwanted, type WishChange } from '../recording/index.ts'

/** Between two stretches of a recording clocks and rounding are given this, milliseconds. */
const TOLERANCE = 1_500

/** Reason of a gap that no worker could note, for none was there: it was killed, or the machine was off. */
export const NO_RECORDER = 'no recorder'

/** What is known of one camera. Wall-clock milliseconds. */
export interface CameraFootage {
  /** Stretches that are recorded, of the span. */
  readonly recorded: readonly Interval[]
  /** Since when there are any, and until when; undefined where there is none. */
  readonly whole: Interval | undefined
  readonly gaps: readonly (Interval & { readonly reason: string })[]
  /** What was wanted, whoever wanted it; ascending, from before the span on. Before the first, it was to be recorded. */
  readonly wishes: readonly WishChange[]
}

/** Seconds of `span` in which footage should have been recorded and was not, by reason; to a tenth. */
export function lostSeconds(span: Interval, { recorded, whole, gaps, wishes }: CameraFootage): Record<string, number> {
  const lost = new Map<string, number>()
  const add = (reason: string, { start, end }: Interval) => lost.set(reason, (lost.get(reason) ?? 0) + end - start)
  const off = unwanted(span, wishes, true)
  for (const gap of gaps) {
    if (gap.reason === CLOCK_SET) continue
    const inside = within(span, gap)
    // One that began in the camera's hours may end behind them.
    if (inside) for (const wanted of uncovered(inside, off)) add(gap.reason, wanted)
  }
  const between = whole && within(span, whole)
  if (between) {
    const explained = [...recorded, ...gaps, ...off]
    for (const hole of uncovered(between, explained)) if (hole.end - hole.start > TOLERANCE) add(NO_RECORDER, hole)
  }
  return Object.fromEntries([...lost].map(([reason, time]) => [reason, Math.round(time / 100) / 10]))
}

function within(span: Interval, { start, end }: Interval): Interval | undefined {
  const inside = { start: Math.max(span.start, start), end: Math.min(span.end, end) }
  return inside.end > inside.start ? inside : undefined
}
