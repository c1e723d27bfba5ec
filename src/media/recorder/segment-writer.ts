import type { Clock } from '../../kernel/clock.ts'
import { messageOf } from '../../kernel/errors.ts'
import { stableFraction } from '../../kernel/ids.ts'
import type { Logger } from '../../kernel/log.ts'
import type { SegmentMark, SegmentReason } from '../../wire/mp4/index.ts'
import type { StreamRole } from '../frame.ts'
import { diskReason, remedy } from './disk-trouble.ts'
import type { DiskWriter } from './disk-writer.ts'
import type { Fragment } from './fragment.ts'
import type { LossLedger } from './loss-ledger.ts'
import { OpenSegment } from './open-segment.ts'
import { segmentEntries } from './segment-entry.ts'
import { segmentName } from './segment-name.ts'
import type { JournalSink } from './types.ts'

export interface SegmentWriterOptions {
  readonly camera: string
  readonly stream: StreamRole
  readonly disk: DiskWriter
  readonly journal: JournalSink
  readonly ledger: LossLedger
  readonly log: Logger
  /** Something is amiss with what is on disk: a new segment should begin, for nothing has been lost yet. */
  readonly renew: (reason: SegmentReason) => void
  /** The media of `fragment` are on disk, from byte `offset` of the file on; `path` is relative to the storage path. */
  readonly stored: (fragment: Fragment, path: string, offset: number) => void
}

/** What is on disk since the recorder began. */
export interface RecordedFigures {
  segments: number
  bytes: number
  frames: number
  lastWritten: number | null
}

/**
 * The files of one camera, one after the other: begins, fills, syncs and closes them, and leaves one that the disk does not
 * take any more. All that rejects can be tried again.
 */
export class SegmentWriter {
  readonly figures: RecordedFigures = { segments: 0, bytes: 0, frames: 0, lastWritten: null }
  /** The camera has an earlier recording. */
  resumed = false
  readonly #options: SegmentWriterOptions
  readonly #clock: Clock
  readonly #syncPhase: number
  #file: OpenSegment | undefined
  /** Frames before those that come next were lost. */
  #broken = false
  #session = ''
  #number = 0

  constructor(options: SegmentWriterOptions) {
    this.#options = options
    this.#clock = options.disk.clock
    this.#syncPhase = stableFraction(options.camera)
  }

  /** Path of the open file, relative to the storage path. */
  get path(): string | undefined {
    return this.#file?.path
  }

  /** Nothing is in the open file yet, or there is none. */
  get fresh(): boolean {
    return !this.#file || this.#file.bytes === 0
  }

  /** What comes next does not follow what is on disk. */
  breaks(): void {
    this.#broken = true
  }

  /**
   * Makes the file that `first` begins, where none is open. `first` loses what is before its first key frame when its own
   * file was lost; false when that is all of it.
   */
  async begin(first: Fragment): Promise<boolean> {
    if (this.#file) return true
    const { camera, stream, disk } = this.#options
    let reason = first.begins
    if (reason === undefined) {
      // Its file is lost. The rest of the group of pictures is of no use in another one.
      reason = 'disk-error'
      if (disk.trim(first, () => first.skipToKey()) > 0) this.#broken = true
      if (first.lead.samples.length === 0) return false
    }
    if (this.#broken && first.continues) reason = 'disk-error'
    if (reason === 'first' && this.resumed) reason = 'resumed'
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
    // Cameras that began together do not sync together.
    file.syncedAt -= this.#syncPhase * syncPeriod
    this.#file = file
    this.#session = session.id
    return true
  }

  /** Writes fragments to the open file, and counts them. */
  async append(fragments: readonly Fragment[]): Promise<void> {
    const file = this.#file!
    const before = file.bytes
    this.#count(file, before, fragments, await file.write(fragments))
  }

  /** As {@link append}, when it takes no more than to write on in an open file, at once. Undefined, and nothing done, when not. */
  appendOn(fragments: readonly Fragment[]): Promise<void> | undefined {
    const file = this.#file
    if (!file || file.bytes === 0) return undefined
    const before = file.bytes
    return file.writeOn(fragments)?.then(places => this.#count(file, before, fragments, places))
  }

  #count(file: OpenSegment, before: number, fragments: readonly Fragment[], places: readonly number[]): void {
    if (before === 0) {
      this.figures.segments++
      this.#number++
    }
    this.figures.bytes += file.bytes - before
    for (const [index, fragment] of fragments.entries()) {
      this.#options.stored(fragment, file.path, places[index]!)
      this.figures.frames += fragment.frames
      this.figures.lastWritten = fragment.wallEnd
      this.#options.ledger.written(fragment.wallStart, fragment.wallEnd, fragment.continues && !this.#broken)
      this.#broken = false
    }
  }

  get syncDue(): boolean {
    const { syncPeriod } = this.#options.disk.settings
    return this.#file !== undefined && syncPeriod > 0 && this.#clock.monotonic() - this.#file.syncedAt >= syncPeriod
  }

  /** Syncs the open file when it is time. Never rejects. */
  async syncWhenDue(): Promise<void> {
    const file = this.#file
    if (!file || !this.syncDue) return
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

  /** Closes the open file, in order where the disk lets that be done. Never rejects. */
  async close(ended: string): Promise<void> {
    const file = this.#file
    if (!file) return
    if (file.bytes === 0) return this.leave(ended)
    let there = true
    try {
      there = await file.close(ended)
    } catch (error) {
      this.#options.log.warn({ path: file.path, error: messageOf(error) }, 'segment not closed in order')
      await this.#abandon(file, ended)
    }
    this.#file = undefined
    if (there) return this.#record(file, ended)
    this.#options.log.error({ path: file.path }, 'segment was deleted while it was being written')
    this.#options.ledger.spoilt({ start: file.mark.wallStart, end: file.wallEnd, reason: 'file deleted' })
  }

  /** The storage is there and does not take the open file: opens it anew, or leaves it, to go on in another. */
  async heal(error: unknown): Promise<void> {
    const file = this.#file
    if (!file) return
    const step = remedy(error, ++file.faults)
    if (step === 'retry' || (step === 'reopen' && (await file.reopen()))) return
    this.#options.log.error({ path: file.path }, 'segment given up: the disk does not take it any more')
    this.#options.ledger.note(file.wallEnd, diskReason(error))
    await this.leave('disk-error')
  }

  /** Leaves the open file as it is, cut behind its last whole fragment. Never rejects. */
  async leave(ended: string): Promise<void> {
    const file = this.#file
    this.#file = undefined
    if (!file) return
    await this.#abandon(file, ended)
    if (file.bytes > 0) this.#record(file, ended)
  }

  #abandon(file: OpenSegment, ended: string): Promise<void> {
    return file.abandon(ended, ({ outcome, segment }) => {
      if (outcome !== 'repaired' && outcome !== 'complete') return
      for (const entry of segmentEntries(file.path, segment)) this.#options.journal.append(entry)
    })
  }

  #record(file: OpenSegment, ended: string): void {
    const { camera, stream, journal } = this.#options
    const { session, number, wallStart, reason, clockOffset } = file.mark
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
      frames: file.leadFrames,
      codec: file.codec,
      began: reason,
      ended,
      clockOffset,
      sha256: file.sha256,
    })
  }
}
