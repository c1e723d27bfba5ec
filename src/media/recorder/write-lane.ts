import { type Clock, sleep } from '../../kernel/clock.ts'
import { messageOf } from '../../kernel/errors.ts'
import { stableFraction } from '../../kernel/ids.ts'
import type { Logger } from '../../kernel/log.ts'
import type { SegmentMark, SegmentReason } from '../../wire/mp4/index.ts'
import type { StreamRole } from '../frame.ts'
import { diskReason, remedy, retryDelay, STALL } from './disk-trouble.ts'
import type { DiskWriter, WaitingQueue } from './disk-writer.ts'
import { Fragment } from './fragment.ts'
import type { LossLedger } from './loss-ledger.ts'
import { OpenSegment } from './open-segment.ts'
import { segmentName } from './segment-name.ts'
import type { JournalSink } from './types.ts'

/** Bytes and fragments that one writev takes at most, when a queue catches up. */
const BATCH_BYTES = 8 * 1024 * 1024
const BATCH_FRAGMENTS = 32

/** The running segment ends here, whatever follows. */
interface SegmentStop {
  readonly ended: string
}

type Job = Fragment | SegmentStop

export interface WriteLaneOptions {
  readonly camera: string
  readonly stream: StreamRole
  readonly disk: DiskWriter
  readonly journal: JournalSink
  readonly ledger: LossLedger
  readonly log: Logger
  /** Awaited before the first file is made: tells whether the camera has an earlier recording. */
  readonly prepare: () => Promise<{ readonly resumed: boolean }>
  /** The newest fragments were dropped, for `reason`, from `at` (wall-clock milliseconds) on. */
  readonly dropped: (at: number, reason: string) => void
  /** Something is amiss with what is on disk: a new segment should begin, for nothing has been lost yet. */
  readonly renew: (reason: SegmentReason) => void
}

/** What a lane has done, for status. */
export interface LaneFigures {
  segments: number
  bytes: number
  frames: number
  lastWritten: number | null
}

/**
 * One camera's way to disk: a queue of fragments, written in order, retried until the disk takes them. Errors of the disk
 * end here; what they do to the recording is told by `trouble` and by the ledger.
 */
export class WriteLane implements WaitingQueue {
  readonly figures: LaneFigures = { segments: 0, bytes: 0, frames: 0, lastWritten: null }
  waiting = 0
  readonly #options: WriteLaneOptions
  readonly #clock: Clock
  readonly #syncPhase: number
  readonly #stop = new AbortController()
  #queue: Job[] = []
  /** Jobs at the head of the queue that are being worked on, and since when (monotonic). */
  #busy = 0
  #busySince = 0
  #running: Promise<void> | undefined
  #prepared: { readonly resumed: boolean } | undefined
  #file: OpenSegment | undefined
  #trouble: string | undefined
  #attempt = 0
  /** Frames before the head of the queue were lost with their file. */
  #broken = false
  #session = ''
  #number = 0

  constructor(options: WriteLaneOptions) {
    this.#options = options
    this.#clock = options.disk.clock
    this.#syncPhase = stableFraction(options.camera)
    options.disk.join(this)
  }

  /** Path of the open segment, relative to the storage path. */
  get segment(): string | null {
    return this.#file?.path ?? null
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
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0 && !this.#stop.signal.aborted) {
      this.#busySince = this.#clock.monotonic()
      try {
        await this.#step()
        this.#recovered()
      } catch (error) {
        await this.#failed(error)
      } finally {
        this.#busy = 0
      }
    }
  }

  /** Brings the head of the queue one step on: close, make a file, or write. */
  async #step(): Promise<void> {
    this.#busy = 1
    this.#prepared ??= await this.#options.prepare()
    const job = this.#queue[0]!
    if (!(job instanceof Fragment)) {
      await this.#close(job.ended)
      this.#queue.shift()
      return
    }
    if (job.begins !== undefined && this.#file && this.#file.bytes > 0) await this.#close(job.begins)
    if (!this.#file && !(await this.#create(job))) return
    await this.#write(this.#file!)
  }

  /** Makes the file that `first` begins. False when `first` cannot begin one and was dropped. */
  async #create(first: Fragment): Promise<boolean> {
    const { camera, stream, disk } = this.#options
    let reason = first.begins
    if (reason === undefined) {
      // Its file is lost. The rest of the group of pictures is of no use in another one.
      reason = 'disk-error'
      this.waiting -= first.bytes
      if (disk.trim(first, () => first.skipToKey()) > 0) this.#broken = true
      this.waiting += first.bytes
      if (first.lead.samples.length === 0) {
        this.#queue.shift()
        this.#discard(first)
        return false
      }
    }
    if (this.#broken && first.continues) reason = 'disk-error'
    const { resumed } = this.#prepared!
    if (reason === 'first' && resumed) reason = 'resumed'
    const { session, lead, wallStart } = first
    if (this.#session !== session.id) this.#number = 0
    const mark: SegmentMark = {
      version: 1,
      site: disk.site,
      camera,
      stream,
      session: session.id,
      number: this.#number,
      wallStart,
      mediaTime: lead.dts,
      timescale: lead.timescale,
      reason,
      clockOffset: session.clockOffset ?? null,
    }
    const { names, timezone, syncPeriod } = disk.settings
    const name = segmentName(camera, stream, wallStart, names, timezone)
    const file = await OpenSegment.create(disk, name, mark, first)
    file.syncedAt -= this.#syncPhase * syncPeriod
    this.#file = file
    this.#session = session.id
    return true
  }

  async #write(file: OpenSegment): Promise<void> {
    const { disk, ledger } = this.#options
    const batch: Fragment[] = []
    let bytes = 0
    for (const job of this.#queue) {
      if (!(job instanceof Fragment) || (batch.length > 0 && job.begins !== undefined)) break
      if (batch.length > 0 && (bytes + job.bytes > BATCH_BYTES || batch.length >= BATCH_FRAGMENTS)) break
      batch.push(job)
      bytes += job.bytes
    }
    this.#busy = batch.length
    const before = file.bytes
    await file.write(batch)
    this.#queue.splice(0, batch.length)
    this.#busy = 0
    if (before === 0) {
      this.figures.segments++
      this.#number++
    }
    this.figures.bytes += file.bytes - before
    for (const fragment of batch) {
      this.figures.frames += fragment.frames
      this.figures.lastWritten = fragment.wallEnd
      ledger.written(fragment.wallStart, fragment.wallEnd, fragment.continues && !this.#broken)
      this.#broken = false
      this.#discard(fragment)
    }
    const { syncPeriod } = disk.settings
    if (syncPeriod > 0 && this.#clock.monotonic() - file.syncedAt >= syncPeriod) await this.#sync(file)
  }

  async #sync(file: OpenSegment): Promise<void> {
    const since = file.syncedAt
    try {
      await file.sync()
    } catch (error) {
      // The kernel has dropped the pages that it could not write, and says so only once.
      const now = this.#clock.monotonic()
      file.syncedAt = now
      const start = Math.max(file.mark.wallStart, file.wallEnd - (now - since))
      this.#options.log.error({ path: file.path, error: messageOf(error) }, 'the disk lost what was just written')
      this.#options.ledger.spoilt({ start, end: file.wallEnd, reason: diskReason(error) })
      this.#options.renew('disk-error')
    }
  }

  async #close(ended: string): Promise<void> {
    const file = this.#file
    if (!file) return
    if (file.bytes === 0) {
      this.#file = undefined
      await file.abandon(ended)
      return
    }
    try {
      await file.close(ended)
    } catch (error) {
      this.#options.log.warn({ path: file.path, error: messageOf(error) }, 'segment not closed in order')
      await file.abandon(ended)
    }
    this.#file = undefined
    this.#record(file, ended)
  }

  #record(file: OpenSegment, ended: string): void {
    const { camera, stream, journal } = this.#options
    const { session, number, wallStart, reason } = file.mark
    journal.append({
      type: 'segment',
      camera,
      stream,
      session,
      number,
      path: file.path,
      start: wallStart,
      end: file.wallEnd,
      bytes: file.bytes,
      frames: file.frames,
      codec: file.codec,
      began: reason,
      ended,
    })
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
      await this.#heal(error)
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

  /** The storage is there and does not take the open file: opens it anew, or leaves it and goes on in another. */
  async #heal(error: unknown): Promise<void> {
    const file = this.#file
    if (!file) return
    const step = remedy(error, ++file.faults)
    if (step === 'retry' || (step === 'reopen' && (await file.reopen()))) return
    this.#options.log.error({ path: file.path }, 'segment given up: the disk does not take it any more')
    this.#file = undefined
    await file.abandon('disk-error')
    if (file.bytes > 0) this.#record(file, 'disk-error')
    this.#options.ledger.note(file.wallEnd, diskReason(error))
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
    const tidied = this.#drained().then(() => this.#tidy())
    await Promise.race([tidied, sleep(this.#clock, 1_000)])
  }

  async #tidy(): Promise<void> {
    for (const job of this.#queue.splice(0)) if (job instanceof Fragment) this.#discard(job)
    const file = this.#file
    this.#file = undefined
    if (!file) return
    await file.abandon('stopped')
    if (file.bytes > 0) this.#record(file, 'stopped')
  }

  #discard(fragment: Fragment): void {
    this.waiting -= fragment.bytes
    this.#options.disk.free(fragment)
    fragment.release()
  }
}
