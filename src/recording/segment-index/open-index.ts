import type { DatabaseSync } from 'node:sqlite'
import { isDamaged, openDatabase } from '../../database/open.ts'
import { putAside } from '../../database/put-aside.ts'
import { messageOf, VmsError } from '../../kernel/errors.ts'
import { INDEX_SCHEMA } from './schema.ts'

/**
 * Opens the index, and makes it where there is none. Throws VMS_E_INDEX_DAMAGED when SQLite calls it damaged, and
 * VMS_E_STATE_DIRECTORY for other faults and for the index of a newer vmsctl.
 */
export function openIndex(path: string): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    database = openDatabase(path, INDEX_SCHEMA)
    checkReadable(database)
    return database
  } catch (error) {
    database?.close()
    if (!isDamaged(error)) throw error
    throw new VmsError('VMS_E_INDEX_DAMAGED', `the index of the archive ${path} is damaged: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

export interface OpenedIndex {
  readonly database: DatabaseSync
  /** Where a damaged one was put. */
  readonly setAside: string | undefined
}

/** The same for those that can make it anew: a damaged one is put aside, with the time in its name, and a new one begun. */
export function openOrRenewIndex(path: string, now: Date): OpenedIndex {
  try {
    return { database: openIndex(path), setAside: undefined }
  } catch (error) {
    if (!(error instanceof VmsError && error.code === 'VMS_E_INDEX_DAMAGED')) throw error
    const setAside = putAside(path, now)
    return { database: openIndex(path), setAside }
  }
}

/** Throws when the tables that everything needs cannot be read. The whole file is not looked at: that takes minutes. */
function checkReadable(database: DatabaseSync): void {
  database.prepare('SELECT count(*) FROM stream').get()
  for (const table of ['segment', 'span', 'gap', 'session']) database.prepare(`SELECT * FROM ${table} LIMIT 1`).get()
}
