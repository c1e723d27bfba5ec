import { dirname, join } from 'node:path'
import type { Clock } from '../../kernel/clock.ts'
import { messageOf } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/log.ts'
import { SlabPool } from '../memory/slab.ts'
import type { Repair } from '../segment-file/index.ts'
import type { StorageSettings } from '../worker/protocol.ts'
import type { Fragment } from './fragment.ts'
import { MemoryBudget } from './memory-budget.ts'
import { nodeRecorderFs, type RecorderFs } from './recorder-fs.ts'
import { Slots } from './slots.ts'
import { checkMarker } from './storage-marker.ts'
import { tidySegment } from './tidy-segment.ts'

/** Files left behind that are remembered; the rest is for the repair of the archive. */
const MAX_UNTIDY = 1_000
/** Milliseconds until the next try to put them in order. */
const TIDY_RETRY = 2_000

export interface DiskWriterOptions {
  readonly site: string
  readonly settings: StorageSettings
  /** Memory for what is read back. */
  readonly pool?: SlabPool
  readonly clock: Clock
  readonly log: Logger
  readonly fs?: RecorderFs
  /** Writes at once, and syncs at once. Node has four threads for files and names by default: leave it one. */
  readonly writes?: number
  readonly syncs?: number
  /** Runs work of many short steps: a process that gathers its events into few turns takes more of them meanwhile. */
  readonly hurry?: <T>(work: () => Promise<T>) => Promise<T>
}

/** A segment that was left as it is for now. */
interface Untidy {
  /** Bytes that are good. */
  readonly keep: number
  /** Told when it has been put in order. */
  readonly repaired: (repair: Repair) => void
}

/** A camera's queue, as the writer sees it. */
export interface WaitingQueue {
  /** Bytes of media that wait. */
  readonly waiting: number
  /** Drops the newest fragment that is not being written. False when there is none. */
  shed(): boolean
}

/**
 * The disk of one worker: bounds what runs on the thread pool and what waits in memory, over all cameras.
 *
 * When more waits than the budget has, the camera with the most waiting bytes loses its newest fragment, and then takes
 * nothing until a key frame finds room again. So no camera loses a frame while it holds less than its share. The newest is
 * dropped and not the oldest, because what was recorded so far then goes on without a hole and the group of pictures that
 * is cut can be played up to the cut, while a queue that loses its head loses the rest of a group as well.
 */
export class DiskWriter {
  readonly site: string
  readonly settings: StorageSettings
  readonly clock: Clock
  readonly log: Logger
  readonly fs: RecorderFs
  readonly pool: SlabPool
  readonly hurry: <T>(work: () => Promise<T>) => Promise<T>
  readonly #budget: MemoryBudget
  readonly #slots: { readonly write: Slots; readonly sync: Slots }
  readonly #queues = new Set<WaitingQueue>()
  /** Files that could not be put in order when they were left, by path below the storage path. */
  readonly #untidy = new Map<string, Untidy>()
  #tidying = false
  /** The trouble that a camera's last failed operation met; undefined once one has succeeded since. */
  trouble: string | undefined

  constructor(options: DiskWriterOptions) {
    this.site = options.site
    this.settings = options.settings
    this.clock = options.clock
    this.log = options.log
    this.pool = options.pool ?? new SlabPool()
    this.fs = options.fs ?? nodeRecorderFs
    this.hurry = options.hurry ?? (work => work())
    this.#budget = new MemoryBudget(options.settings.memory)
    this.#slots = { write: new Slots(options.writes ?? 2), sync: new Slots(options.syncs ?? 1) }
  }

  /** Bytes of frames that wait for the disk, in whole slabs, those being written included. */
  get waiting(): number {
    return this.#budget.used
  }

  /** Operations that run on the disk now. */
  get operations(): number {
    return this.#slots.write.busy + this.#slots.sync.busy
  }

  /** Runs one operation on the disk when its turn comes. */
  use<T>(kind: 'write' | 'sync', run: () => Promise<T>): Promise<T> {
    return this.#slots[kind].use(run)
  }

  /** Takes a place for one write where one is free at once, to be given back with {@link leaveWrite}. */
  enterWrite(): boolean {
    return this.#slots.write.enter()
  }

  leaveWrite(): void {
    this.#slots.write.leave()
  }

  /** The absolute form of a path in the archive. */
  absolute(path: string): string {
    return join(this.settings.path, path)
  }

  /** Rejects with NotMountedError unless the storage path carries its marker. */
  checkMounted(): Promise<void> {
    return checkMarker(this.fs, this.settings.path, this.settings.id)
  }

  /** Syncs a directory of which an entry was made, and those above it up to where `made` (the topmost new one) stands. */
  async syncDirectories(directory: string, made: string | undefined): Promise<void> {
    await this.fs.syncDirectory(directory)
    if (made === undefined) return
    const top = dirname(made)
    for (let path = directory; path !== top && path !== dirname(path); ) {
      path = dirname(path)
      await this.fs.syncDirectory(path)
    }
  }

  /** A segment with `keep` good bytes was left while the disk was in trouble: see to it when the disk works again. */
  leaveUntidy(path: string, keep: number, repaired: Untidy['repaired'] = () => {}): void {
    if (this.#untidy.size < MAX_UNTIDY) this.#untidy.set(path, { keep, repaired })
  }

  /** A new file has this path: whatever was left there is gone. */
  claim(path: string): void {
    this.#untidy.delete(path)
  }

  /** The disk works again: puts the files in order that were left. */
  async tidy(): Promise<void> {
    if (this.#tidying) return
    this.#tidying = true
    for (const [path, untidy] of this.#untidy) {
      // Out of the list while it is being worked on, for its name is free when it has been removed.
      this.#untidy.delete(path)
      try {
        await this.use('sync', async () => {
          await this.checkMounted()
          const repair = await tidySegment(this, path, untidy.keep)
          if (repair) untidy.repaired(repair)
        })
      } catch (error) {
        this.log.debug({ path, error: messageOf(error) }, 'segment left behind is not in order yet')
        this.leaveUntidy(path, untidy.keep, untidy.repaired)
        this.clock.after(TIDY_RETRY, () => void this.tidy()).unref()
        break
      }
    }
    this.#tidying = false
  }

  join(queue: WaitingQueue): void {
    this.#queues.add(queue)
  }

  leave(queue: WaitingQueue): void {
    this.#queues.delete(queue)
  }

  /** A fragment begins to wait. Others, or itself, may be dropped for it. */
  hold(fragment: Fragment): void {
    this.#budget.hold(fragment)
    while (this.#budget.exceeded && this.#shedLargest());
  }

  /** A fragment waits no longer; it has still its memory. */
  free(fragment: Fragment): void {
    this.#budget.free(fragment)
  }

  /** Lets `change` give back part of the memory of a fragment that waits. */
  trim<T>(fragment: Fragment, change: () => T): T {
    this.#budget.free(fragment)
    try {
      return change()
    } finally {
      this.#budget.hold(fragment)
    }
  }

  /** Whether a camera that lost frames may begin again: half of the budget, or of its share, is free. */
  hasRoom(queue: WaitingQueue): boolean {
    const half = this.#budget.limit / 2
    return this.#budget.used <= half || queue.waiting <= half / Math.max(1, this.#queues.size)
  }

  #shedLargest(): boolean {
    const byWaiting = [...this.#queues].sort((a, b) => b.waiting - a.waiting)
    return byWaiting.some(queue => queue.shed())
  }
}
