import { DatabaseSync } from 'node:sqlite'
import { messageOf, VmsError } from '../../kernel/errors.ts'
import { WANTED_STATE } from './migrations/001-wanted-state.ts'
import { JOURNAL } from './migrations/002-journal.ts'

/** In order; number n takes user_version from n to n + 1. Never changed once released: add one. */
const MIGRATIONS: readonly string[] = [WANTED_STATE, JOURNAL]

/** Opens the state database, and brings its tables up to date. Throws VMS_E_STATE_DIRECTORY when that cannot be. */
export function openDatabase(path: string): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path)
    // WAL with NORMAL: a kill loses nothing; a power cut may lose the last transactions, never the file.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 2000')
    migrate(database)
    return database
  } catch (error) {
    database?.close()
    if (error instanceof VmsError) throw error
    throw new VmsError('VMS_E_STATE_DIRECTORY', `the state database ${path} cannot be used: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

function migrate(database: DatabaseSync): void {
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number }
  if (version > MIGRATIONS.length) {
    throw new VmsError(
      'VMS_E_STATE_DIRECTORY',
      `the state database was written by a newer vmsctl (schema ${version}, this one knows ${MIGRATIONS.length})`,
      {
        hint: 'Run the newer vmsctl, or name another --state-dir.',
      },
    )
  }
  MIGRATIONS.slice(version).forEach((statements, index) => {
    transaction(database, () => database.exec(`${statements}; PRAGMA user_version = ${version + index + 1}`))
  })
}

/** Runs `work` in one transaction: all of it, or on an error nothing. */
export function transaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    database.exec('ROLLBACK')
    throw error
  }
}
