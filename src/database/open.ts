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
    database = new DatabaseSync(path, { timeout: 2_000 })
    // WAL with NORMAL: a kill loses nothing; a power cut may lose the last transactions, never the file.
    beginLog(database)
    database.exec('PRAGMA synchronous = NORMAL')
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

/** Times that the log is tried to be begun, and milliseconds between them. */
const LOG_TRIES = 100
const LOG_PAUSE = 20

/** Switches to WAL. SQLite does not wait for another process that does it at the same moment: here it is waited for. */
function beginLog(database: DatabaseSync): void {
  for (let left = LOG_TRIES; ; left--) {
    try {
      database.exec('PRAGMA journal_mode = WAL')
      return
    } catch (error) {
      if (resultCode(error) !== BUSY || left === 1) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOG_PAUSE)
    }
  }
}

function migrate(database: DatabaseSync, { name, migrations }: DatabaseSchema): void {
  const version = versionOf(database)
  if (version > migrations.length) {
    throw new VmsError(
      'VMS_E_STATE_DIRECTORY',
      `the ${name} was written by a newer vmsctl (schema ${version}, this one knows ${migrations.length})`,
      {
        hint: 'Run the newer vmsctl, or name another --state-dir.',
      },
    )
  }
  for (let next = version; next < migrations.length; next++) {
    transaction(database, () => {
      // Another process may have come first.
      if (versionOf(database) === next) database.exec(`${migrations[next]}; PRAGMA user_version = ${next + 1}`)
    })
  }
}

function versionOf(database: DatabaseSync): number {
  return (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version
}

/** Result codes (sqlite.org/rescode.html): another process has it; the file is not what it was. */
const BUSY = 5
const CORRUPT = 11
const NOT_A_DATABASE = 26

/** Whether SQLite says that the file is damaged, or no database at all; in `error` or what caused it. */
export function isDamaged(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    const code = resultCode(at)
    if (code === CORRUPT || code === NOT_A_DATABASE) return true
  }
  return false
}

/** SQLite's primary result code, the low byte: extended codes (SQLITE_CORRUPT_INDEX) say more above it. 0 for other errors. */
function resultCode(error: unknown): number {
  return ((error as { errcode?: number } | null)?.errcode ?? 0) & 0xff
}

/** Runs `work` in one transaction: all of it, or on an error nothing. */
export function transaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    // After some errors (a full disk) SQLite has rolled back by itself.
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}
