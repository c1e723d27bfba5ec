import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Interval } from '../types.ts'
import type { Dictionary } from './dictionary.ts'

/** A stretch of time and what was noted of it. */
export interface Noted extends Interval {
  readonly reason: string
}

/** Stretches of time with a reason each, of every stream: gaps, or what was deleted. They may overlap. */
export class NotedTimes {
  readonly #names: Dictionary
  readonly #insert: StatementSync
  readonly #overlapping: StatementSync
  readonly #touching: StatementSync
  readonly #grow: StatementSync
  readonly #forget: StatementSync

  constructor(database: DatabaseSync, table: 'gap' | 'removed', names: Dictionary) {
    this.#names = names
    this.#insert = database.prepare(
      `INSERT INTO ${table} VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET end = max(end, excluded.end)`,
    )
    this.#overlapping = database.prepare(
      `SELECT start, end, reason FROM ${table} WHERE stream = ? AND end > ? AND start < ? ORDER BY start`,
    )
    this.#touching = database.prepare(
      `SELECT start, end, reason FROM ${table} WHERE stream = ? AND start <= ? ORDER BY start DESC LIMIT 1`,
    )
    this.#grow = database.prepare(`UPDATE ${table} SET end = ? WHERE stream = ? AND start = ? AND reason = ?`)
    this.#forget = database.prepare(
      `DELETE FROM ${table} WHERE (stream, start, reason) IN
         (SELECT stream, start, reason FROM ${table} WHERE stream = ? AND start < ? AND end <= ? LIMIT ?)`,
    )
  }

  /** Notes a stretch; one that goes on where the one before ended, for the same reason, makes it longer. */
  add(stream: number, noted: Noted): void {
    const start = Math.round(noted.start)
    const end = Math.round(noted.end)
    if (end <= start) return
    const reason = this.#names.word(noted.reason)
    const last = this.#touching.get(stream, start) as { start: number; end: number; reason: number } | undefined
    if (last?.reason === reason && last.end >= start)
      this.#grow.run(Math.max(last.end, end), stream, last.start, reason)
    else this.#insert.run(stream, start, end, reason)
  }

  /** Those that overlap a span, whole, in order of start. */
  overlapping(stream: number, { start, end }: Interval): Noted[] {
    const rows = this.#overlapping.all(stream, start, end) as { start: number; end: number; reason: number }[]
    return rows.map(row => ({ start: row.start, end: row.end, reason: this.#names.text(row.reason) }))
  }

  /** Forgets stretches that ended at `before` or sooner, so many at the most; gives how many. */
  forget(stream: number, before: number, most: number): number {
    return Number(this.#forget.run(stream, before, before, most).changes)
  }
}
