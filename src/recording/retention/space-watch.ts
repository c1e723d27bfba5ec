/** Bytes that must have been deleted before the file system is judged; less of a small one. */
const LEAST = 64e6
const LEAST_SHARE = 0.01
/** Deleted bytes must be this many times what the cameras wrote meanwhile: the bit rate is only nearly known. */
const OVER_WRITTEN = 4
/** Part of the deleted bytes that must have come free. */
const ENOUGH = 0.25
/** Batches after which it is judged. */
const BATCHES = 5
/** Milliseconds after which deleting is tried again. */
const PAUSE = 30 * 60_000

/** One batch of deletions and what the file system said of it. Bytes. */
export interface BatchEffect {
  readonly deleted: number
  readonly freeBefore: number
  readonly freeAfter: number
  /** Of the whole file system. */
  readonly total: number
  /** What the cameras wrote meanwhile. */
  readonly written: number
}

/**
 * Sees that deleting frees space. Snapshots, or a program that has the files open, keep it: then deleting more would cost all
 * footage and win nothing.
 */
export class SpaceWatch {
  #batches = 0
  #deleted = 0
  #written = 0
  #gained = 0
  #stopped: { readonly until: number; readonly freeFor: number; readonly text: string } | undefined

  /** Takes in a batch that was deleted for want of room, at monotonic or wall time `now` in milliseconds. */
  note({ deleted, freeBefore, freeAfter, total, written }: BatchEffect, now: number): void {
    if (deleted === 0) return
    this.#batches++
    this.#deleted += deleted
    this.#written += written
    this.#gained += freeAfter - freeBefore + written
    const least = Math.max(Math.min(LEAST, total * LEAST_SHARE), OVER_WRITTEN * this.#written)
    if (this.#batches < BATCHES || this.#deleted < least) return
    if (this.#gained < ENOUGH * this.#deleted)
      this.#stopped = {
        until: now + PAUSE,
        freeFor: freeAfter + this.#deleted / 2,
        text: `${this.#batches} batches of footage were deleted and the disk has hardly more room: do snapshots, or programs that have the files open, keep it?`,
      }
    this.#reset()
  }

  /** Why nothing is deleted for want of room; null when it may be. `free`: bytes free now. */
  trouble(now: number, free: number): string | null {
    if (this.#stopped && (now >= this.#stopped.until || free >= this.#stopped.freeFor)) this.#stopped = undefined
    return this.#stopped?.text ?? null
  }

  #reset(): void {
    this.#batches = 0
    this.#deleted = 0
    this.#written = 0
    this.#gained = 0
  }
}
