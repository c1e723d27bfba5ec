import type { DatabaseSync } from 'node:sqlite'
import { type DatabaseSchema, openDatabase, transaction } from '../../database/open.ts'
import type { Alarm, AlarmState } from './step.ts'

const SCHEMA: DatabaseSchema = {
  name: 'database of alarms',
  migrations: [
    `
  CREATE TABLE alarm (
    key  TEXT PRIMARY KEY,
    life TEXT NOT NULL             -- JSON of Alarm
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE look (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    at  INTEGER NOT NULL           -- wall-clock milliseconds of the last look
  ) STRICT;

  -- What waits for a way to tell; the oldest goes first.
  CREATE TABLE outbox (
    turn    INTEGER PRIMARY KEY AUTOINCREMENT,
    target  TEXT NOT NULL,
    id      TEXT NOT NULL,
    at      INTEGER NOT NULL,      -- wall-clock milliseconds at which it was written
    letter  TEXT NOT NULL
  ) STRICT;
  CREATE INDEX outbox_target ON outbox (target, turn);
`,
  ],
}

/** A message that waits. */
export interface Waiting {
  readonly id: string
  readonly at: number
  readonly letter: string
  /** Its place in the store; undefined while it is not there. */
  readonly turn?: number
}

/** A message to be delivered. */
export interface Post extends Waiting {
  readonly target: string
}

/** Alarms and messages on disk: a restart neither repeats nor forgets one. Throws VMS_E_STATE_DIRECTORY. */
export class AlarmStore {
  readonly #database: DatabaseSync
  /** What stands in the table, by key. */
  readonly #written = new Map<string, string>()
  /** Messages that a target's queue may hold. */
  readonly #limit: number

  constructor(path: string, limit: number) {
    this.#database = openDatabase(path, SCHEMA)
    this.#limit = limit
  }

  load(): AlarmState {
    const alarms = new Map<string, Alarm>()
    const rows = this.#database.prepare('SELECT key, life FROM alarm').all() as { key: string; life: string }[]
    for (const { key, life } of rows) {
      alarms.set(key, JSON.parse(life) as Alarm)
      this.#written.set(key, life)
    }
    const look = this.#database.prepare('SELECT at FROM look').get() as { at: number } | undefined
    return { at: look?.at ?? 0, alarms }
  }

  /**
   * Stores what changed, and with it the messages that follow from it: both or neither. Gives how many messages a full queue lost,
   * by target.
   */
  save(state: AlarmState, messages: readonly Post[]): Map<string, number> {
    const lost = new Map<string, number>()
    const lives = new Map([...state.alarms].map(([key, alarm]) => [key, JSON.stringify(alarm)]))
    const changed = [...lives].filter(([key, life]) => this.#written.get(key) !== life)
    const gone = [...this.#written.keys()].filter(key => !lives.has(key))
    if (changed.length === 0 && gone.length === 0 && messages.length === 0) return lost
    transaction(this.#database, () => {
      const put = this.#database.prepare('INSERT OR REPLACE INTO alarm VALUES (?, ?)')
      const remove = this.#database.prepare('DELETE FROM alarm WHERE key = ?')
      const post = this.#database.prepare('INSERT INTO outbox (target, id, at, letter) VALUES (?, ?, ?, ?)')
      for (const [key, life] of changed) put.run(key, life)
      for (const key of gone) remove.run(key)
      for (const { target, id, at, letter } of messages) post.run(target, id, Math.floor(at), letter)
      this.#database.prepare('INSERT OR REPLACE INTO look VALUES (1, ?)').run(Math.floor(state.at))
      for (const target of new Set(messages.map(message => message.target))) {
        const over = this.#trim(target)
        if (over > 0) lost.set(target, over)
      }
    })
    for (const [key, life] of changed) this.#written.set(key, life)
    for (const key of gone) this.#written.delete(key)
    return lost
  }

  /** The oldest message that waits for a target, behind the turn `after`. */
  next(target: string, after = 0): Waiting | undefined {
    const row = this.#database
      .prepare('SELECT id, at, letter, turn FROM outbox WHERE target = ? AND turn > ? ORDER BY turn LIMIT 1')
      .get(target, after)
    return row as Waiting | undefined
  }

  /** A target has got a message, and all before it. One that was not stored when it was sent may have been since. */
  done(target: string, { id, turn = 0 }: Waiting): void {
    this.#database.prepare('DELETE FROM outbox WHERE target = ? AND (turn <= ? OR id = ?)').run(target, turn, id)
  }

  /** Forgets what waits for targets that are not there any more. */
  keepTargets(names: readonly string[]): void {
    const rows = this.#database.prepare('SELECT DISTINCT target FROM outbox').all() as { target: string }[]
    for (const { target } of rows)
      if (!names.includes(target)) this.#database.prepare('DELETE FROM outbox WHERE target = ?').run(target)
  }

  close(): void {
    this.#database.close()
  }

  #trim(target: string): number {
    const { changes } = this.#database
      .prepare(
        `DELETE FROM outbox WHERE turn IN
           (SELECT turn FROM outbox WHERE target = ? ORDER BY turn DESC LIMIT -1 OFFSET ?)`,
      )
      .run(target, this.#limit)
    return Number(changes)
  }
}
