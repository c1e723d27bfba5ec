import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { transaction } from '../../database/open.ts'
import type { StreamKey } from '../types.ts'
import type { Keep } from '../viewers/keeps.ts'
import type { Lease } from '../viewers/lease.ts'

/** A stream that is up. */
export interface StreamUp extends StreamKey {
  /** Wall-clock milliseconds. */
  readonly since: number
}

/** What is up and for whom, on disk: the daemon that comes next goes on from there. Times are wall-clock milliseconds. */
export class LiveRegistry {
  readonly #database: DatabaseSync
  readonly #look: StatementSync

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#look = database.prepare(
      'INSERT INTO look (one, at) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET at = excluded.at',
    )
  }

  /** When a daemon looked last; 0 when none did. */
  lastLook(): number {
    const row = this.#database.prepare('SELECT at FROM look').get() as { at: number } | undefined
    return row?.at ?? 0
  }

  looked(at: number): void {
    this.#look.run(Math.round(at))
  }

  streams(): StreamUp[] {
    return this.#database.prepare('SELECT camera, stream, since FROM stream').all() as unknown as StreamUp[]
  }

  /** Sets the streams that are up: all of them. */
  setStreams(streams: readonly StreamUp[]): void {
    const insert = this.#database.prepare('INSERT INTO stream (camera, stream, since) VALUES (?, ?, ?)')
    transaction(this.#database, () => {
      this.#database.exec('DELETE FROM stream')
      for (const { camera, stream, since } of streams) insert.run(camera, stream, Math.round(since))
    })
  }

  leases(): Lease[] {
    const columns = 'id, camera, stream, user, since, until, protocol, client, token, expires'
    return this.#database.prepare(`SELECT ${columns} FROM lease`).all() as unknown as Lease[]
  }

  putLease({ id, camera, stream, user, since, until, protocol, client, token, expires }: Lease): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO lease VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(id, camera, stream, user, since, until, protocol, client, token, expires)
  }

  dropLeases(ids: readonly string[]): void {
    const remove = this.#database.prepare('DELETE FROM lease WHERE id = ?')
    transaction(this.#database, () => {
      for (const id of ids) remove.run(id)
    })
  }

  keeps(): Keep[] {
    return this.#database.prepare('SELECT camera, stream, by, since, until FROM keep').all() as unknown as Keep[]
  }

  putKeep({ camera, stream, by, since, until }: Keep): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO keep (camera, stream, by, since, until) VALUES (?, ?, ?, ?, ?)')
      .run(camera, stream, by, since, until)
  }

  dropKeep({ camera, stream }: StreamKey): void {
    this.#database.prepare('DELETE FROM keep WHERE camera = ? AND stream = ?').run(camera, stream)
  }
}
