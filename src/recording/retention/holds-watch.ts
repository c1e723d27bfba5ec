import { join } from 'node:path'
import { HOLDS_FILE } from './holds-file.ts'
import { type HoldPlaces, syncHolds } from './legal-holds.ts'

/** Milliseconds between two times in any case: one that was added while the disk was away is not in the file yet. */
const EVERY = 10 * 60_000

/**
 * Keeps the holds in the index and in the file beside the footage the same, also when somebody else changed the file: the index
 * that we have open may have been put aside since, and people's commands use a new one.
 */
export class HoldsWatch {
  /** `size`: bytes of the file; each hold that is added or released makes it longer. */
  #known: { readonly at: number; readonly storage: string; readonly size: number | undefined } | undefined

  /** Before anything is deleted, at monotonic time `at` (milliseconds). Rejects as `syncHolds` does. */
  async sync(places: HoldPlaces, at: number): Promise<void> {
    const { storage } = places
    const known = this.#known
    if (known?.storage === storage && at - known.at < EVERY && (await sizeOfFile(places)) === known.size) return
    await syncHolds(places)
    this.#known = { at, storage, size: await sizeOfFile(places) }
  }
}

async function sizeOfFile({ fs, storage }: HoldPlaces): Promise<number | undefined> {
  return (await fs.look(join(storage, HOLDS_FILE)).catch(() => undefined))?.size
}
