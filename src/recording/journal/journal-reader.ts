import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { workerPaths } from '../../config/state-paths.ts'
import type { Logger } from '../../kernel/log.ts'
import { readJournal } from '../../media/recorder/index.ts'
import type { SegmentIndex } from '../segment-index/segment-index.ts'
import { isComplete } from './journal-entry.ts'

/**
 * Carries the workers' journals into the index. Workers append whether a daemon runs or not; how far each journal has
 * been read is stored in the same transaction as its entries.
 */
export class JournalReader {
  readonly #stateDir: string
  readonly #index: SegmentIndex
  readonly #log: Logger
  readonly #read = new Map<number, number>()
  #reading: Promise<void> | undefined

  constructor(stateDir: string, index: SegmentIndex, log: Logger) {
    this.#stateDir = stateDir
    this.#index = index
    this.#log = log
  }

  /**
   * Reads on in every journal, also of slots that are no more, to its end. One reading at a time; callers share it. While the
   * index is not complete, a journal may tell of what was deleted long since: segments whose file is not in `storage` (absolute) are
   * passed over then. Those that are there, the rebuild of the index finds.
   */
  read(storage: string): Promise<void> {
    this.#reading ??= this.#readAll(storage).finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  /** How far the journal of each slot has been read by us, as `readJournal` counts. */
  get positions(): ReadonlyMap<number, number> {
    return this.#read
  }

  async #readAll(storage: string): Promise<void> {
    const directory = `${this.#stateDir}/workers`
    // No worker ever ran here.
    if (!existsSync(directory)) return
    for (const name of readdirSync(directory).sort()) {
      const slot = /^(\d{1,4})\.journal$/.exec(name)?.[1]
      if (slot !== undefined) await this.#readSlot(Number(slot), storage)
    }
  }

  async #readSlot(slot: number, storage: string): Promise<void> {
    const { journal } = workerPaths(this.#stateDir, slot)
    for (;;) {
      const position = this.#index.position(slot)
      const part = await readJournal(journal, position)
      this.#read.set(slot, part.position)
      if (part.position === position) return
      const entries = part.entries.filter(isComplete)
      const damaged = part.damaged + part.entries.length - entries.length
      if (damaged > 0) this.#log.warn({ worker: slot, lines: damaged }, 'journal lines not understood')
      if (part.skipped)
        this.#log.warn({ worker: slot }, 'journal entries are gone: the archive itself tells what they said')
      const kept = this.#index.wasCompleted
        ? entries
        : entries.filter(entry => entry.type === 'gap' || existsSync(join(storage, entry.path)))
      this.#index.ingest(kept, slot, part.position, position)
    }
  }
}
