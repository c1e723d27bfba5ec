import { BY_CONFIGURATION, BY_REMOVAL, BY_SCHEDULE, type Wish } from '../../state/wish.ts'
import type { CoveragePiece, Interval } from '../types.ts'

/**
 * The stretches of `span` in which nobody wanted a recording, in order: stopped by a person, outside of the schedule, or
 * switched off by configuration. `wishes`: the history of the camera, each entry holding until the next; where two have the same
 * time the later in the list counts. Before the first, it was wanted.
 */
export function unwanted(wishes: readonly Wish[], span: Interval): CoveragePiece[] {
  const pieces: CoveragePiece[] = []
  const changes = [...wishes].sort((a, b) => a.at - b.at)
  for (const [index, wish] of changes.entries()) {
    const start = Math.max(wish.at, span.start)
    const end = Math.min(changes[index + 1]?.at ?? span.end, span.end)
    if (!wish.record && start < end) pieces.push({ start, end, ...reasonOf(wish) })
  }
  return pieces
}

function reasonOf({ by }: Wish): Pick<CoveragePiece, 'state' | 'detail'> {
  if (by === BY_SCHEDULE) return { state: 'not-scheduled', detail: 'outside of its schedule' }
  if (by === BY_REMOVAL) return { state: 'not-configured', detail: null }
  if (by === BY_CONFIGURATION) return { state: 'not-scheduled', detail: 'not recorded by configuration' }
  return { state: 'stopped', detail: `by ${by}` }
}
