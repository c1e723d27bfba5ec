import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Interval } from '../types.ts'

/**
 * What is recorded of each stream: stretches of time that neither overlap nor touch. They follow from the segments and are
 * kept beside them, so that the account of a month need not read half a million rows.
 */
export class RecordedSpans {
  readonly #touching: StatementSync
  readonly #insert: StatementSync
  readonly #delete: StatementSync
  readonly #first: StatementSync
  readonly #last: StatementSync

  constructor(database: DatabaseSync) {
    // The one that began last before the stretch may reach into it.
    this.#touching = database.prepare(
      `SELECT start, end FROM span WHERE stream = :stream AND start <= :end AND end >= :start
         AND start >= coalesce((SELECT max(start) FROM span WHERE stream = :stream AND start <= :start), :start)
       ORDER BY start`,
    )
    this.#insert = database.prepare('INSERT INTO span VALUES (?, ?, ?)')
    this.#delete = database.prepare('DELETE FROM span WHERE stream = ? AND start = ?')
    this.#first = database.prepare('SELECT start FROM span WHERE stream = ? ORDER BY start LIMIT 1')
    this.#last = database.prepare('SELECT end FROM span WHERE stream = ? ORDER BY start DESC LIMIT 1')
  }

  /** From the first recorded instant to the last; undefined where nothing is. */
  whole(stream: number): Interval | undefined {
    const first = this.#first.get(stream) as { start: number } | undefined
    const last = this.#last.get(stream) as { end: number } | undefined
    return first && last && { start: first.start, end: last.end }
  }

  /** The stretches that overlap `[start, end)`, whole, or touch it, in order. */
  touching(stream: number, { start, end }: Interval): Interval[] {
    return this.#touching.all({ stream, start, end }) as unknown as Interval[]
  }

  /** `[start, end)` is recorded. */
  add(stream: number, { start, end }: Interval): void {
    let [from, to] = [start, end]
    for (const span of this.touching(stream, { start, end })) {
      from = Math.min(from, span.start)
      to = Math.max(to, span.end)
      this.#delete.run(stream, span.start)
    }
    if (to > from) this.#insert.run(stream, from, to)
  }

  /** `[start, end)` is recorded no more. */
  subtract(stream: number, { start, end }: Interval): void {
    for (const span of this.touching(stream, { start, end })) {
      if (span.end <= start || span.start >= end) continue
      this.#delete.run(stream, span.start)
      if (span.start < start) this.#insert.run(stream, span.start, start)
      if (span.end > end) this.#insert.run(stream, end, span.end)
    }
  }
}
