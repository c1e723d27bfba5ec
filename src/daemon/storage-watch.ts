import { statfs } from 'node:fs/promises'
import { checkStoragePath } from '../config/index.ts'
import { type Clock, sleep } from '../kernel/clock.ts'
import { messageOf } from '../kernel/errors.ts'
import { ensureStorage } from '../media/recorder/index.ts'
import type { StateStore } from '../state/state-store.ts'

export interface StorageState {
  /** Id of the marker; undefined while the storage cannot be used and no id is known from before. */
  readonly id: string | undefined
  /** Why recordings cannot go there; null when they can. */
  readonly trouble: string | null
}

/**
 * Makes sure of the storage path. Its id is remembered: once known, a missing marker means a missing mount, and none is
 * made again. Workers get a known id even in trouble; they check the marker themselves and resume when it is back.
 */
export async function checkStorage(path: string, store: StateStore, now: number): Promise<StorageState> {
  const name = `storage-id:${path}`
  const known = store.setting(name)
  const problem = await checkStoragePath(path)
  if (problem) return { id: known, trouble: problem.message }
  try {
    const { id } = await ensureStorage(path, new Date(now), known)
    if (known === undefined) store.set(name, id)
    return { id, trouble: null }
  } catch (error) {
    return { id: known, trouble: messageOf(error) }
  }
}

/** Milliseconds that a file system has to say how much is free. */
const PATIENCE = 2_000

/** What is free on a file system that may hang: one question at a time, and nobody waits for ever. */
export class FreeSpace {
  readonly #clock: Clock
  #asking: Promise<number | null> | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Bytes free for us on the file system of `path`; null when it does not tell. */
  read(path: string): Promise<number | null> {
    this.#asking ??= freeBytes(path).finally(() => {
      this.#asking = undefined
    })
    return Promise.race([this.#asking, sleep(this.#clock, PATIENCE).then(() => null)])
  }
}

async function freeBytes(path: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(path)
    return bavail * bsize
  } catch {
    return null
  }
}
