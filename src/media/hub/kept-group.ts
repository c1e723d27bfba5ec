import type { Frame } from '../frame.ts'
import { FrameTable } from './frame-table.ts'
import type { StoredFrames } from './hub.ts'

/** Bytes of a group of pictures that are kept for readers who join; a camera with a larger one makes them wait. */
export const GROUP_LIMIT = 16 * 1024 * 1024

/** Frames of the group, by index, that lie one behind the other in a file from byte `start` to byte `end`. */
interface StoredRun {
  readonly file: StoredFrames
  readonly start: number
  end: number
  readonly indexes: number[]
}

/**
 * The frames since the last key frame of the video, all tracks, in order of arrival. Those that a recorder has written are
 * given up in memory and read back when somebody joins: 200 cameras with a key frame every ten seconds would keep a gigabyte
 * otherwise, for viewers who seldom come.
 */
export class KeptGroup {
  readonly #frames = new FrameTable()
  /** By frame: the file it lies in, and where; its slab is given back then. */
  readonly #files: (StoredFrames | undefined)[] = []
  readonly #starts: number[] = []
  #bytes = 0
  #stored = 0
  #loading = 0
  /** Every frame before this one is on disk. */
  #storedTo = 0

  /** Every frame of it is in memory. */
  get complete(): boolean {
    return this.#stored === 0
  }

  /** Frames are being read back into it: it must not be filled anew. */
  get loading(): boolean {
    return this.#loading > 0
  }

  /** Keeps a frame, and its memory. False when the group has become too large to be kept. */
  add(frame: Frame): boolean {
    const size = frame.end - frame.start
    if (this.#bytes + size > GROUP_LIMIT) return false
    frame.slab.retain()
    this.#files[this.#frames.length] = undefined
    this.#frames.add(frame)
    this.#bytes += size
    return true
  }

  /** These frames are on disk: gives their memory back. */
  stored(file: StoredFrames): void {
    const { track, first, samples, offset } = file
    const frames = this.#frames
    let number = first
    let start = offset
    for (let index = this.#storedTo; index < frames.length; index++) {
      const own = frames.number(index)
      if (frames.track(index) !== track || own < first || this.#files[index]) continue
      if (own >= first + samples.length) break
      // Frames that came before this group are in the file, too.
      while (number < own) start += samples.size(number++ - first)
      this.#files[index] = file
      this.#starts[index] = start
      this.#stored++
      frames.slab(index).release()
    }
    while (this.#storedTo < frames.length && this.#files[this.#storedTo]) this.#storedTo++
  }

  /** Reads back what is on disk. Rejects with the error of the disk; what is in memory can still be used. */
  async load(): Promise<void> {
    this.#loading++
    try {
      await this.#load()
    } finally {
      this.#loading--
    }
  }

  async #load(): Promise<void> {
    for (const { file, start, end, indexes } of this.#runs()) {
      const slab = await file.read(start, end)
      for (const index of indexes) {
        // Unless the group was given up meanwhile, or another call brought the frame back.
        if (index >= this.#frames.length || this.#files[index] !== file) continue
        slab.retain()
        this.#frames.move(index, slab, this.#starts[index]! - start)
        this.#files[index] = undefined
        this.#stored--
        this.#storedTo = Math.min(this.#storedTo, index)
      }
      slab.release()
    }
  }

  /** Calls `take` with each frame in order; the group must be complete. */
  give(take: (frame: Frame) => void): void {
    for (let index = 0; index < this.#frames.length; index++) take(this.#frames.frame(index))
  }

  /** Gives all memory back. It can be filled again, with another group. */
  close(): void {
    for (let index = 0; index < this.#frames.length; index++) {
      if (!this.#files[index]) this.#frames.slab(index).release()
    }
    this.#frames.clear()
    this.#files.fill(undefined)
    this.#bytes = 0
    this.#stored = 0
    this.#storedTo = 0
  }

  #runs(): StoredRun[] {
    const runs: StoredRun[] = []
    for (let index = 0; index < this.#frames.length; index++) {
      const file = this.#files[index]
      if (!file) continue
      const start = this.#starts[index]!
      const end = start + this.#frames.size(index)
      const run = runs.findLast(each => each.file === file)
      if (run?.end === start) {
        run.end = end
        run.indexes.push(index)
      } else runs.push({ file, start, end, indexes: [index] })
    }
    return runs
  }
}
