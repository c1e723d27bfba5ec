import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Interval } from '../types.ts'
import type { Transact } from './transact.ts'

/** A legal hold: nothing may delete footage of the camera that overlaps its span while it is in force. */
export interface Hold extends Interval {
  readonly id: string
  readonly camera: string
  readonly reason: string
  /** Who asked for it. */
  readonly by: string
  /** Wall-clock milliseconds. */
  readonly at: number
  /** Null while it is in force. */
  readonly released: HoldRelease | null
}

export interface HoldRelease {
  /** Wall-clock milliseconds. */
  readonly at: number
  readonly by: string
  readonly reason: string
}

interface HoldRow extends Interval {
  readonly id: string
  readonly camera: string
  readonly reason: string
  readonly by: string
  readonly at: number
  readonly released: number | null
  readonly released_by: string | null
  readonly release_reason: string | null
}

/** Whether a stretch of a camera's footage is held by one of its holds. An instant counts as a millisecond. */
export function isHeld({ start, end }: Interval, holds: readonly Interval[] = []): boolean {
  return holds.some(hold => start < hold.end && Math.max(end, start + 1) > hold.start)
}

/** The holds, those that were released too: who held what, and why, is known afterwards. */
export class HoldTable {
  readonly #transact: Transact
  readonly #all: StatementSync
  readonly #put: StatementSync
  readonly #overlapping: StatementSync

  constructor(database: DatabaseSync, transact: Transact) {
    this.#transact = transact
    this.#all = database.prepare('SELECT * FROM hold ORDER BY at, id')
    this.#put = database.prepare(
      `INSERT OR REPLACE INTO hold (id, camera, start, end, reason, by, at, released, released_by, release_reason)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#overlapping = database.prepare(
      'SELECT start, end FROM hold WHERE camera = ? AND released IS NULL AND start <= ? AND end > ?',
    )
  }

  /** All holds, in the order in which they were added. */
  all(): Hold[] {
    return (this.#all.all() as unknown as HoldRow[]).map(toHold)
  }

  /** Those in force, by camera. */
  activeByCamera(): Map<string, Hold[]> {
    return Map.groupBy(
      this.all().filter(({ released }) => released === null),
      ({ camera }) => camera,
    )
  }

  /** Whether a stretch of a camera's footage is held now, as {@link isHeld} has it. */
  holds(camera: string, stretch: Interval): boolean {
    return isHeld(stretch, this.#overlapping.all(camera, stretch.end, stretch.start) as unknown as Interval[])
  }

  /**
   * Makes of the holds what `change` makes of them, in one transaction that no other process gets into. `change` gives those
   * to be put in, in place of those of the same id.
   */
  change(change: (holds: readonly Hold[]) => readonly Hold[]): void {
    this.#transact(() => {
      for (const { id, camera, start, end, reason, by, at, released } of change(this.all()))
        this.#put.run(
          id,
          camera,
          Math.floor(start),
          Math.ceil(end),
          reason,
          by,
          Math.round(at),
          released ? Math.round(released.at) : null,
          released?.by ?? null,
          released?.reason ?? null,
        )
    })
  }
}

function toHold({ released, released_by: by, release_reason: reason, ...row }: HoldRow): Hold {
  return { ...row, released: released === null ? null : { at: released, by: by ?? '', reason: reason ?? '' } }
}
