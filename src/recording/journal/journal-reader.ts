import { existsSync, readdirSync } from 'node:fs'
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

  /** Reads on in every journal, also of slots that are no more, to its end. One reading at a time; callers share it. */
  read(): Promise<void> {
    this.#reading ??= this.#readAll().finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  /** How far the journal of each slot has been read by us, as `readJournal` counts. */
  get positions(): ReadonlyMap<number, number> {
    return this.#read
  }

  async #readAll(): Promise<void> {
    const directory = `${this.#stateDir}/workers`
    // No worker ever ran here.
    if (!existsSync(directory)) return
    for (const name of readdirSync(directory).sort()) {
      const slot = /^(\d{1,4})\.journal$/.exec(name)?.[1]
      if (slot !== undefined) await this.#readSlot(Number(slot))
    }
  }

  async #readSlot(slot: number): Promise<void> {
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
      this.#index.ingest(entries, slot, part.position)
    }
  }
}
