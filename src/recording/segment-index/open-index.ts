import { existsSync, renameSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { isDamaged, openDatabase } from '../../database/open.ts'
import { INDEX_SCHEMA } from './schema.ts'

export interface OpenedIndex {
  readonly database: DatabaseSync
  /** There was none, or it was damaged: what the files say is to be read in. */
  readonly isNew: boolean
  /** Where a damaged one was put. */
  readonly setAside: string | undefined
}

/**
 * Opens the index, and makes it where there is none. One that SQLite calls damaged is put aside, with the time in its name,
 * and a new one begun. Throws VMS_E_STATE_DIRECTORY for other faults, and for the index of a newer vmsctl.
 */
export function openIndex(path: string, now: Date): OpenedIndex {
  const isNew = !existsSync(path)
  try {
    const database = openDatabase(path, INDEX_SCHEMA)
    try {
      readable(database)
      return { database, isNew, setAside: undefined }
    } catch (error) {
      database.close()
      throw error
    }
  } catch (error) {
    if (!isDamaged(error)) throw error
  }
  const setAside = putAside(path, now)
  return { database: openDatabase(path, INDEX_SCHEMA), isNew: true, setAside }
}

/** Puts an index aside; gives its new path. */
function putAside(path: string, now: Date): string {
  const aside = `${path}.damaged-${now.toISOString().replaceAll(/[-:]|\.\d+/g, '')}`
  for (const suffix of ['', '-wal', '-shm']) if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix)
  return aside
}

/** Throws when the tables that everything needs cannot be read. The whole file is not looked at: that takes minutes. */
function readable(database: DatabaseSync): void {
  database.prepare('SELECT count(*) FROM stream').get()
  for (const table of ['segment', 'span', 'gap', 'session']) database.prepare(`SELECT * FROM ${table} LIMIT 1`).get()
}
