import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from '../kernel/log.ts'
import type { FootageStore } from './database/footage-store.ts'
import { parseJournalEntry } from './journal-entry.ts'

/** Bytes taken in at once: a daemon that was away for a day has 200 cameras x 480 segments to read. */
const CHUNK = 1_000_000
/** A worker's journal, `3.journal`, and what it may have set aside, `3.journal.1`. */
const JOURNAL_NAME = /^\d{1,4}\.journal(\.\w+)?$/

/**
 * Carries the workers' journals into the database. Workers append whether a daemon runs or not; we remember how far each
 * file (name and inode) is read, in the same transaction as its entries.
 */
export class JournalReader {
  readonly #dir: string
  readonly #store: FootageStore
  readonly #log: Logger

  constructor(dir: string, store: FootageStore, log: Logger) {
    this.#dir = dir
    this.#store = store
    this.#log = log
  }

  /** Reads on in every journal, one chunk each. Returns whether there is more. */
  read(): boolean {
    let more = false
    for (const name of readdirSync(this.#dir).sort()) if (JOURNAL_NAME.test(name)) more = this.#readFile(name) || more
    return more
  }

  #readFile(name: string): boolean {
    const file = openSync(join(this.#dir, name), 'r')
    try {
      const { ino, size } = fstatSync(file)
      const known = this.#store.offset(name, ino)
      // Shorter than it was: somebody emptied it. Entries that come again are recognised.
      const offset = known > size ? 0 : known
      if (offset === size) return false
      const buffer = Buffer.alloc(Math.min(CHUNK, size - offset))
      const count = readSync(file, buffer, 0, buffer.length, offset)
      const end = buffer.lastIndexOf(10, count - 1) + 1
      // No end of line in a whole chunk is no journal; within the last chunk the rest is still being written.
      if (end === 0 && count < CHUNK) return false
      const taken = end === 0 ? count : end
      const lines = buffer
        .toString('utf8', 0, taken)
        .split('\n')
        .filter(line => line !== '')
      const entries = lines.map(parseJournalEntry).filter(entry => entry !== undefined)
      if (entries.length < lines.length)
        this.#log.warn({ file: name, lines: lines.length - entries.length }, 'journal lines not understood')
      this.#store.ingest(entries, name, ino, offset + taken)
      return count === CHUNK
    } finally {
      closeSync(file)
    }
  }
}
