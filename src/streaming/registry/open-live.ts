import type { DatabaseSync } from 'node:sqlite'
import { type DatabaseSchema, isDamaged, openDatabase } from '../../database/open.ts'
import { putAside } from '../../database/put-aside.ts'
import { LIVE } from './001-live.ts'
import { RELAY_ADMISSION } from './002-relay-admission.ts'

const SCHEMA: DatabaseSchema = { name: 'registry of live streams', migrations: [LIVE, RELAY_ADMISSION] }

export interface OpenedLive {
  readonly database: DatabaseSync
  /** Where a damaged one was put. */
  readonly setAside: string | undefined
}

/**
 * Opens the registry, and makes it where there is none. A damaged one is put aside, for recording must not wait for it. Throws
 * VMS_E_STATE_DIRECTORY for other faults and for the registry of a newer vmsctl.
 */
export function openLive(path: string, now: Date): OpenedLive {
  try {
    return { database: openChecked(path), setAside: undefined }
  } catch (error) {
    if (!isDamaged(error)) throw error
    const setAside = putAside(path, now)
    return { database: openChecked(path), setAside }
  }
}

/** Reads a row of each table, so that damage is found before anybody relies on it. */
function openChecked(path: string): DatabaseSync {
  const database = openDatabase(path, SCHEMA)
  try {
    for (const table of ['stream', 'lease', 'keep', 'viewing', 'relay_admission'])
      database.prepare(`SELECT * FROM ${table} LIMIT 1`).get()
    return database
  } catch (error) {
    database.close()
    throw error
  }
}
