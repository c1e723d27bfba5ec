import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { transaction } from '../database/open.ts'
import { BY_REMOVAL, type Wish } from './wish.ts'

export type { Wish }

export interface Placement {
  readonly slot: number
  /** Wall-clock milliseconds since when the camera belongs to this node. */
  readonly since: number
}

interface WishRow {
  readonly camera: string
  readonly at: number
  readonly record: number
  readonly by: string
}

/** Wishes, placements and settings. */
export class StateStore {
  readonly #database: DatabaseSync
  readonly #insert: StatementSync
  readonly #wishAt: StatementSync
  readonly #historyOf: StatementSync

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#insert = database.prepare('INSERT INTO wanted_history (camera, at, record, by) VALUES (?, ?, ?, ?)')
    this.#wishAt = database.prepare(
      'SELECT camera, at, record, by FROM wanted_history WHERE camera = ? AND at <= ? ORDER BY at DESC, rowid DESC LIMIT 1',
    )
    this.#historyOf = database.prepare(`
      SELECT camera, at, record, by FROM wanted_history WHERE camera = ? AND at < ?
         AND at >= coalesce((SELECT max(at) FROM wanted_history WHERE camera = ? AND at <= ?), 0)
       ORDER BY at, rowid`)
  }

  /** What people asked for, and nobody took back. */
  wishes(): Map<string, Wish> {
    const rows = this.#database.prepare('SELECT camera, record, by, at FROM wanted').all() as unknown as WishRow[]
    return new Map(rows.map(row => [row.camera, wishOf(row)]))
  }

  /** Notes a person's wish for these cameras, also in their history. */
  wish(cameras: Iterable<string>, { record, by, at }: Wish): void {
    const upsert = this.#database.prepare('INSERT OR REPLACE INTO wanted (camera, record, by, at) VALUES (?, ?, ?, ?)')
    transaction(this.#database, () => {
      for (const camera of cameras) {
        upsert.run(camera, record ? 1 : 0, by, at)
        this.#enter(camera, { record, by, at })
      }
    })
  }

  /** Takes the wishes for these cameras back: the configuration decides again. What it wants is entered by whoever knows. */
  forgetWishes(cameras: Iterable<string>): void {
    const remove = this.#database.prepare('DELETE FROM wanted WHERE camera = ?')
    transaction(this.#database, () => {
      for (const camera of cameras) remove.run(camera)
    })
  }

  /** Enters what is wanted from now on in the histories of cameras, all or nothing. */
  enterHistory(entries: Iterable<readonly [camera: string, wish: Wish]>): void {
    transaction(this.#database, () => {
      for (const [camera, wish] of entries) this.#enter(camera, wish)
    })
  }

  /**
   * Forgets what was wanted before `before` (wall-clock milliseconds): the entry that held then begins there, and that of a camera
   * which had left the site by then goes as well.
   */
  forgetHistory(before: number): void {
    transaction(this.#database, () => {
      this.#database
        .prepare(
          `DELETE FROM wanted_history AS old WHERE at <= :before AND EXISTS (
             SELECT 1 FROM wanted_history AS next WHERE next.camera = old.camera AND next.at <= :before
               AND (next.at, next.rowid) > (old.at, old.rowid))`,
        )
        .run({ before })
      this.#database.prepare('DELETE FROM wanted_history WHERE at <= ? AND by = ?').run(before, BY_REMOVAL)
      this.#database.prepare('UPDATE wanted_history SET at = ? WHERE at < ?').run(before, before)
    })
  }

  /** The entry of a camera's history that holds at `at` (wall-clock milliseconds). */
  wishAt(camera: string, at: number): Wish | undefined {
    const row = this.#wishAt.get(camera, at) as WishRow | undefined
    return row && wishOf(row)
  }

  /** Every camera that has a history, also those that are gone. */
  camerasWithHistory(): string[] {
    const rows = this.#database.prepare('SELECT DISTINCT camera FROM wanted_history').all() as { camera: string }[]
    return rows.map(({ camera }) => camera)
  }

  /** What was wanted of each camera before `end` (wall-clock milliseconds), ascending: all of its history. */
  wishHistory(end: number): Map<string, Wish[]> {
    const rows = this.#database
      .prepare('SELECT camera, at, record, by FROM wanted_history WHERE at < ? ORDER BY camera, at, rowid')
      .all(end) as unknown as WishRow[]
    const histories = new Map<string, Wish[]>()
    for (const row of rows) {
      const history = histories.get(row.camera)
      if (history) history.push(wishOf(row))
      else histories.set(row.camera, [wishOf(row)])
    }
    return histories
  }

  /**
   * What was wanted of a camera before `end`, ascending; with `since`, from the entry on that held then. Wall-clock
   * milliseconds. Of the time before the first entry nothing is known.
   */
  wishHistoryOf(camera: string, end: number, since = 0): Wish[] {
    return (this.#historyOf.all(camera, end, camera, since) as unknown as WishRow[]).map(wishOf)
  }

  #enter(camera: string, { record, by, at }: Wish): void {
    this.#insert.run(camera, at, record ? 1 : 0, by)
  }

  placements(): Map<string, Placement> {
    const rows = this.#database.prepare('SELECT camera, slot, since FROM placement').all() as {
      camera: string
      slot: number
      since: number
    }[]
    return new Map(rows.map(({ camera, slot, since }) => [camera, { slot, since }]))
  }

  /** Stores where cameras are now; `since` stays for those that were here before. Cameras not named are forgotten. */
  place(assigned: ReadonlyMap<string, number>, now: number): void {
    const known = this.placements()
    transaction(this.#database, () => {
      const remove = this.#database.prepare('DELETE FROM placement WHERE camera = ?')
      for (const camera of known.keys()) if (!assigned.has(camera)) remove.run(camera)
      const upsert = this.#database.prepare(
        'INSERT INTO placement (camera, slot, since) VALUES (?, ?, ?) ON CONFLICT (camera) DO UPDATE SET slot = excluded.slot',
      )
      for (const [camera, slot] of assigned) if (known.get(camera)?.slot !== slot) upsert.run(camera, slot, now)
    })
  }

  setting(name: string): string | undefined {
    const row = this.#database.prepare('SELECT value FROM setting WHERE name = ?').get(name) as
      | { value: string }
      | undefined
    return row?.value
  }

  set(name: string, value: string): void {
    this.#database.prepare('INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)').run(name, value)
  }
}

function wishOf({ record, by, at }: WishRow): Wish {
  return { record: record === 1, by, at }
}
