import type { DatabaseSync } from 'node:sqlite'
import { transaction } from '../database/open.ts'

/** What somebody asked of a camera. */
export interface Wish {
  readonly record: boolean
  readonly by: string
  /** Wall-clock milliseconds. */
  readonly at: number
}

export interface Placement {
  readonly slot: number
  /** Wall-clock milliseconds since when the camera belongs to this node. */
  readonly since: number
}

/** Wishes, placements and settings. */
export class StateStore {
  readonly #database: DatabaseSync

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  wishes(): Map<string, Wish> {
    const rows = this.#database.prepare('SELECT camera, record, by, at FROM wanted').all() as {
      camera: string
      record: number
      by: string
      at: number
    }[]
    return new Map(rows.map(({ camera, record, by, at }) => [camera, { record: record === 1, by, at }]))
  }

  /** Notes the wish for these cameras, also in their history. */
  wish(cameras: Iterable<string>, { record, by, at }: Wish): void {
    const upsert = this.#database.prepare('INSERT OR REPLACE INTO wanted (camera, record, by, at) VALUES (?, ?, ?, ?)')
    const history = this.#database.prepare('INSERT INTO wanted_history (camera, at, record, by) VALUES (?, ?, ?, ?)')
    transaction(this.#database, () => {
      for (const camera of cameras) {
        upsert.run(camera, record ? 1 : 0, by, at)
        history.run(camera, at, record ? 1 : 0, by)
      }
    })
  }

  /** Starts and stops of each camera by people before `end` (wall-clock milliseconds), in order. */
  wishHistory(end: number): Map<string, Wish[]> {
    const rows = this.#database
      .prepare('SELECT camera, at, record, by FROM wanted_history WHERE at < ? ORDER BY camera, at, rowid')
      .all(end) as { camera: string; at: number; record: number; by: string }[]
    const histories = new Map<string, Wish[]>()
    for (const { camera, at, record, by } of rows) {
      const wish = { record: record === 1, by, at }
      const history = histories.get(camera)
      if (history) history.push(wish)
      else histories.set(camera, [wish])
    }
    return histories
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
