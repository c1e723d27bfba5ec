import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { transaction } from '../../database/open.ts'
import type { Viewing } from '../types.ts'

/** A viewing that has no end yet. */
export interface OpenViewing extends Omit<Viewing, 'ended' | 'how'> {
  readonly turn: number
  readonly session: string
}

/** What is asked of the history; the newest first. Times are wall-clock milliseconds. */
export interface ViewingQuery {
  readonly camera?: string | undefined
  readonly user?: string | undefined
  /** Viewings that went on at some time of this span. */
  readonly from: number
  readonly to: number
  /** Rows, 1 and more. */
  readonly limit: number
}

const COLUMNS = 'camera, stream, user, protocol, client, address, started, ended, bytes, how'

/** Who watched what, for years of viewers; what is older than is to be kept goes in portions. */
export class ViewingHistory {
  readonly #database: DatabaseSync
  readonly #insert: StatementSync
  readonly #progress: StatementSync
  readonly #close: StatementSync
  readonly #prune: StatementSync

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#insert = database.prepare(`
      INSERT INTO viewing (session, camera, stream, user, protocol, client, address, started, bytes)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`)
    this.#progress = database.prepare('UPDATE viewing SET bytes = ? WHERE turn = ?')
    this.#close = database.prepare('UPDATE viewing SET ended = ?, bytes = ?, how = ? WHERE turn = ?')
    this.#prune = database.prepare(`
      DELETE FROM viewing WHERE turn IN
        (SELECT turn FROM viewing WHERE started < ? AND ended IS NOT NULL AND ended < ? LIMIT ?)`)
  }

  /** All changes of one look at who watches, together. */
  together(work: () => void): void {
    transaction(this.#database, work)
  }

  /** Those that a daemon left without an end. */
  open(): OpenViewing[] {
    return this.#database
      .prepare(
        `SELECT turn, session, camera, stream, user, protocol, client, address, started, bytes
           FROM viewing WHERE ended IS NULL`,
      )
      .all() as unknown as OpenViewing[]
  }

  /** Enters a viewing that has begun, and gives its number. */
  begin(viewing: Omit<OpenViewing, 'turn'>): number {
    const { session, camera, stream, user, protocol, client, address, started, bytes } = viewing
    const at = Math.round(started)
    const { lastInsertRowid } = this.#insert.run(
      session,
      camera,
      stream,
      user,
      protocol,
      client,
      address,
      at,
      Math.round(bytes),
    )
    return Number(lastInsertRowid)
  }

  progress(turn: number, bytes: number): void {
    this.#progress.run(Math.round(bytes), turn)
  }

  end(turn: number, ended: number, bytes: number, how: string): void {
    this.#close.run(Math.round(ended), Math.round(bytes), how, turn)
  }

  find({ camera, user, from, to, limit }: ViewingQuery): Viewing[] {
    const conditions = ['started < ?', '(ended IS NULL OR ended >= ?)']
    const values: (string | number)[] = [to, from]
    for (const [column, value] of Object.entries({ camera, user })) {
      if (value === undefined) continue
      conditions.push(`${column} = ?`)
      values.push(value)
    }
    const where = conditions.join(' AND ')
    return this.#database
      .prepare(`SELECT ${COLUMNS} FROM viewing WHERE ${where} ORDER BY started DESC, turn DESC LIMIT ?`)
      .all(...values, limit) as unknown as Viewing[]
  }

  /** Deletes what ended before `before`, `most` rows at once. Whether there may be more. */
  prune(before: number, most: number): boolean {
    return Number(this.#prune.run(before, before, most).changes) === most
  }
}
