import { type Clock, sleep } from '../../kernel/clock.ts'
import { messageOf, VmsError } from '../../kernel/errors.ts'
import { diskReason, retryDelay, STALL } from './disk-trouble.ts'
import type { WaitingQueue } from './disk-writer.ts'
import { Fragment } from './fragment.ts'
import { type RecordedFigures, SegmentWriter, type SegmentWriterOptions } from './segment-writer.ts'

/** Bytes and fragments that one writev takes at most, when a queue catches up. */
const BATCH_BYTES = 8 * 1024 * 1024
const BATCH_FRAGMENTS = 32

/** Milliseconds that are waited for the last operations on a disk that was given up. */
const LAST_WORDS = 1_000

/** The running segment ends here, whatever follows. */
interface SegmentStop {
  readonly ended: string
}

type Job = Fragment | SegmentStop

export interface WriteLaneOptions extends SegmentWriterOptions {
  /** Awaited before the first file is made: tells whether the camera has an earlier recording. */
  readonly prepare: () => Promise<{ readonly resumed: boolean }>
  /** The newest fragments were dropped, for `reason`, from `at` (wall-clock milliseconds) on. */
  readonly dropped: (at: number, reason: string) => void
}

/**
 * One camera's way to disk: a queue of fragments, written in order, each retried until the disk takes it. Errors of the disk
 * end here; what they do to the recording is told by `trouble` and by the ledger.
 */
export class WriteLane implements WaitingQueue {
  waiting = 0
  readonly #options: WriteLaneOptions
  readonly #writer: SegmentWriter
  readonly #clock: Clock
  readonly #stop = new AbortController()
  #queue: Job[] = []
  /** Jobs at the head of the queue that are being worked on, and since when (monotonic). */
  #busy = 0
  #busySince = 0
  #running: Promise<void> | undefined
  #prepared = false
  #trouble: string | undefined
  #attempt = 0

  constructor(options: WriteLaneOptions) {
    this.#options = options
    this.#clock = options.disk.clock
    this.#writer = new SegmentWriter(options)
    options.disk.join(this)
  }

  get figures(): Readonly<RecordedFigures> {
    return this.#writer.figures
  }

  /** Path of the open segment, relative to the storage path. */
  get segment(): string | null {
    return this.#writer.path ?? null
  }

  /** What keeps the head of the queue from the disk: an error, or a write that takes too long. */
  get trouble(): string | undefined {
    if (this.#trouble !== undefined) return this.#trouble
    const stuck = this.#busy > 0 && this.#clock.monotonic() - this.#busySince > STALL
    return stuck ? (this.#options.disk.trouble ?? 'disk stalled') : undefined
  }

  /** Takes a fragment, and its memory, over. */
  push(fragment: Fragment): void {
    if (this.#stop.signal.aborted) return fragment.release()
    this.#queue.push(fragment)
    this.waiting += fragment.bytes
    this.#options.disk.hold(fragment)
    this.#pump()
  }

  /** Closes the file behind what was pushed so far. */
  end(ended: string): void {
    if (this.#stop.signal.aborted) return
    this.#queue.push({ ended })
    this.#pump()
  }

  shed(): boolean {
    const index = this.#queue.findLastIndex(job => job instanceof Fragment)
    if (index < this.#busy) return false
    const fragment = this.#queue[index] as Fragment
    // What ends behind it ended a segment that now ends before it.
    this.#queue.length = index
    this.#queue.push({ ended: 'frames-dropped' })
    const reason = this.trouble ?? this.#options.disk.trouble ?? 'disk too slow'
    this.#discard(fragment)
    this.#options.dropped(fragment.wallStart, reason)
    return true
  }

  /**
   * Resolves when all is on disk and the file is closed, or `limit` milliseconds from now: then what still waits is dropped.
   */
  async finish(limit: number): Promise<void> {
    let timer: { cancel(): void } | undefined
    const late = new Promise<'late'>(resolve => {
      timer = this.#clock.after(limit, () => resolve('late'))
    })
    const outcome = await Promise.race([this.#drained(), late])
    timer?.cancel()
    if (outcome === 'late') await this.#giveUp()
    this.#stop.abort()
    this.#options.disk.leave(this)
  }

  async #drained(): Promise<void> {
    while (this.#running) await this.#running
  }

  #pump(): void {
    if (this.#running || this.#queue.length === 0 || this.#stop.signal.aborted) return
    this.#running = this.#writeOn() ?? this.#run()
  }

  /**
   * To write on in an open file is nearly all that ever happens. Where the disk is free for it, it is done without the steps
   * below, each of which is a promise; undefined where it is not, or where more is to be done.
   */
  #writeOn(): Promise<void> | undefined {
    const [head] = this.#queue
    if (!(head instanceof Fragment) || head.begins !== undefined || !this.#prepared || this.#attempt > 0)
      return undefined
    const batch = this.#batch()
    let writing: Promise<void> | undefined
    try {
      writing = this.#writer.appendOn(batch)
    } catch {
      // It will be thrown again, where it is dealt with.
      return undefined
    }
    if (!writing) return undefined
    this.#busySince = this.#clock.monotonic()
    this.#busy = batch.length
    return writing.then(
      () => {
        this.#done(batch)
        this.#running = undefined
        if (this.#writer.syncDue) this.#running = this.#writer.syncWhenDue().then(() => this.#run())
        else this.#pump()
      },
      error => this.#refused(error).then(() => this.#run()),
    )
  }

  /** Works off the queue. */
  async #run(): Promise<void> {
    while (this.#queue.length > 0 && !this.#stop.signal.aborted) {
      this.#busySince = this.#clock.monotonic()
      this.#busy = 1
      try {
        const job = this.#queue[0]!
        // To write on in an open file is one step; all else is many.
        const writesOn = job instanceof Fragment && job.begins === undefined && this.#writer.path !== undefined
        await (writesOn ? this.#step(job) : this.#options.disk.hurry(() => this.#step(job)))
        this.#recovered()
        this.#busy = 0
      } catch (error) {
        await this.#refused(error)
      }
    }
    this.#running = undefined
  }

  async #refused(error: unknown): Promise<void> {
    try {
      if (error instanceof VmsError) await this.#unwritable(error)
      else await this.#failed(error)
    } finally {
      this.#busy = 0
    }
  }

  /** Brings the head of the queue one step on: closes a file, makes one, writes to it. */
  async #step(job: Job): Promise<void> {
    if (!this.#prepared) {
      this.#writer.resumed = (await this.#options.prepare()).resumed
      this.#prepared = true
    }
    if (!(job instanceof Fragment)) {
      await this.#writer.close(job.ended)
      this.#queue.shift()
      return
    }
    if (job.begins !== undefined && !this.#writer.fresh) await this.#writer.close(job.begins)
    if (!(await this.#begin(job))) {
      this.#queue.shift()
      this.#discard(job)
      return
    }
    const batch = this.#batch()
    this.#busy = batch.length
    await this.#writer.append(batch)
    this.#done(batch)
    await this.#writer.syncWhenDue()
  }

  /** What was at the head is on disk. */
  #done(batch: readonly Fragment[]): void {
    this.#queue.splice(0, batch.length)
    this.#busy = 0
    for (const fragment of batch) this.#discard(fragment)
  }

  async #begin(first: Fragment): Promise<boolean> {
    const before = first.bytes
    try {
      return await this.#writer.begin(first)
    } finally {
      this.waiting += first.bytes - before
    }
  }

  /** The fragments at the head that go to one file. */
  #batch(): Fragment[] {
    const batch: Fragment[] = []
    let bytes = 0
    for (const job of this.#queue) {
      if (!(job instanceof Fragment) || batch.length >= BATCH_FRAGMENTS) break
      bytes += job.bytes
      if (batch.length > 0 && (job.begins !== undefined || bytes > BATCH_BYTES)) break
      batch.push(job)
    }
    return batch
  }

  #recovered(): void {
    if (this.#trouble !== undefined) {
      this.#options.log.info({ was: this.#trouble }, 'the disk takes footage again')
      this.#options.disk.trouble = undefined
      void this.#options.disk.tidy()
    }
    this.#trouble = undefined
    this.#attempt = 0
  }

  async #failed(error: unknown): Promise<void> {
    const { disk, log } = this.#options
    let cause = error
    try {
      // A write that fails may mean that the mount is gone: then nothing is to be repaired until it is back.
      await disk.use('write', () => disk.checkMounted())
      await this.#writer.heal(error)
    } catch (other) {
      cause = other
    }
    const reason = diskReason(cause)
    if (this.#trouble !== reason) log.warn({ error: messageOf(cause), reason }, 'footage waits for the disk')
    this.#trouble = reason
    disk.trouble = reason
    // Only the first is kept for the next try: the file that was made may be for it. The others may be dropped meanwhile.
    this.#busy = Math.min(this.#busy, 1)
    await sleep(this.#clock, retryDelay(this.#attempt++), this.#stop.signal)
  }

  /** What is at the head cannot be made a part of a file, today or later: the disk is not to blame. */
  async #unwritable(error: VmsError): Promise<void> {
    const { ledger, log } = this.#options
    log.error({ error: error.message }, 'frames dropped that cannot be written')
    await this.#writer.close('frames-dropped')
    this.#writer.breaks()
    const head = this.#queue.shift()
    if (!(head instanceof Fragment)) return
    ledger.note(head.wallStart, 'cannot be written')
    this.#discard(head)
  }

  /** Drops what waits; what the system has in hand is released when it comes back. Waits a second for that, not more. */
  async #giveUp(): Promise<void> {
    const { ledger, log } = this.#options
    const first = this.#queue.find(job => job instanceof Fragment)
    const reason = this.trouble ?? 'disk too slow'
    if (first) {
      ledger.note(first.wallStart, reason)
      log.error({ reason }, 'stopped with footage that the disk did not take')
    }
    for (const job of this.#queue.splice(this.#busy)) if (job instanceof Fragment) this.#discard(job)
    this.#stop.abort()
    const tidied = this.#drained().then(() => {
      for (const job of this.#queue.splice(0)) if (job instanceof Fragment) this.#discard(job)
      return this.#writer.leave('stopped')
    })
    await Promise.race([tidied, sleep(this.#clock, LAST_WORDS)])
  }

  #discard(fragment: Fragment): void {
    this.waiting -= fragment.bytes
    this.#options.disk.free(fragment)
    fragment.release()
  }
}
