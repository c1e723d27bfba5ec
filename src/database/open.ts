import { DatabaseSync } from 'node:sqlite'
import { messageOf, VmsError } from '../kernel/errors.ts'

/** What a database of ours holds. */
export interface DatabaseSchema {
  /** For messages: "state database". */
  readonly name: string
  /** In order; number n takes user_version from n to n + 1. Never changed once released: add one. */
  readonly migrations: readonly string[]
}

/**
 * Opens a database, and brings its tables up to date. Throws VMS_E_STATE_DIRECTORY when that cannot be; {@link isDamaged}
 * tells whether the file itself is to blame.
 */
export function openDatabase(path: string, schema: DatabaseSchema): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path)
    // WAL with NORMAL: a kill loses nothing; a power cut may lose the last transactions, never the file.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 2000')
    migrate(database, schema)
    return database
  } catch (error) {
    database?.close()
    if (error instanceof VmsError) throw error
    throw new VmsError('VMS_E_STATE_DIRECTORY', `the ${schema.name} ${path} cannot be used: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

function migrate(database: DatabaseSync, { name, migrations }: DatabaseSchema): void {
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number }
  if (version > migrations.length) {
    throw new VmsError(
      'VMS_E_STATE_DIRECTORY',
      `the ${name} was written by a newer vmsctl (schema ${version}, this one knows ${migrations.length})`,
      {
        hint: 'Run the newer vmsctl, or name another --state-dir.',
      },
    )
  }
  migrations.slice(version).forEach((statements, index) => {
    transaction(database, () => database.exec(`${statements}; PRAGMA user_version = ${version + index + 1}`))
  })
}

/** Result codes that say that the file is not what it was (sqlite.org/rescode.html). */
const CORRUPT = 11
const NOT_A_DATABASE = 26

/** Whether SQLite says that the file is damaged, or no database at all; in `error` or what caused it. */
export function isDamaged(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    // The low byte: extended codes (SQLITE_CORRUPT_INDEX) say more above it.
    const code = ((at as { errcode?: number }).errcode ?? 0) & 0xff
    if (code === CORRUPT || code === NOT_A_DATABASE) return true
  }
  return false
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
