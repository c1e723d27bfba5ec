import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { transaction } from '../../database/open.ts'
import type { StreamRole } from '../../media/frame.ts'
import type { JournalEntry } from '../../media/recorder/index.ts'
import type { Interval, Segment } from '../types.ts'
import { Dictionary } from './dictionary.ts'
import { DoomedSegments } from './doomed-segments.ts'
import { HoldTable } from './hold-table.ts'
import { type Noted, NotedTimes } from './noted-times.ts'
import { OldestSegments } from './oldest-segments.ts'
import { RecordedSpans } from './recorded-spans.ts'
import { type SegmentRow, SegmentRows } from './segment-rows.ts'

export interface CameraTotal {
  readonly segments: number
  readonly bytes: number
  /** Wall-clock milliseconds of the end of the newest segment. */
  readonly lastEnd: number
}

/** Reason of a "gap" that never was: the clock of this machine was set forward over it. */
export const CLOCK_SET = 'clock set'

/** How a segment begins that follows the one before without a hole. */
const LENGTH = 'duration'

/** Sums over the segments of a stream, as they stand in its row. */
interface StreamSums extends CameraTotal {
  /** Milliseconds of the longest segment that there ever was. */
  readonly longest: number
}

const EMPTY: StreamSums = { segments: 0, bytes: 0, lastEnd: 0, longest: 0 }

/**
 * The index of an archive: every closed segment, what is recorded of each camera, and what is known of the rest. All that it
 * says of segments follows from the files; gaps are the workers' word. Calls are synchronous, short, and whole transactions.
 */
export class SegmentIndex {
  readonly holds: HoldTable
  readonly doomed: DoomedSegments
  readonly oldest: OldestSegments
  readonly #database: DatabaseSync
  readonly #names: Dictionary
  readonly #rows: SegmentRows
  readonly #spans: RecordedSpans
  readonly #gaps: NotedTimes
  readonly #removed: NotedTimes
  readonly #sums: StatementSync
  readonly #setSums: StatementSync
  readonly #lastKnown: StatementSync

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#names = new Dictionary(database)
    this.#rows = new SegmentRows(database, this.#names)
    this.#spans = new RecordedSpans(database)
    this.#gaps = new NotedTimes(database, 'gap', this.#names)
    this.#removed = new NotedTimes(database, 'removed', this.#names)
    const transact = <T>(work: () => T) => this.#transaction(work)
    this.holds = new HoldTable(database, transact)
    this.doomed = new DoomedSegments(database, transact, this.#names, this.#rows, this.holds)
    this.oldest = new OldestSegments(database)
    this.#sums = database.prepare('SELECT segments, bytes, last_end AS lastEnd, longest FROM stream WHERE id = ?')
    this.#setSums = database.prepare(
      'UPDATE stream SET segments = ?, bytes = ?, last_end = ?, longest = ? WHERE id = ?',
    )
    const last = (table: string) =>
      `max((SELECT end FROM ${table} WHERE stream = stream.id AND start < ? ORDER BY start DESC LIMIT 1)) AS ${table}`
    this.#lastKnown = database.prepare(`SELECT ${last('span')}, ${last('removed')} FROM stream`)
  }

  /** Where to go on reading the journal of a slot. */
  position(slot: number): number {
    const row = this.#database.prepare('SELECT position FROM journal WHERE slot = ?').get(slot)
    return (row as { position: number } | undefined)?.position ?? 0
  }

  /** Brings what is written so far from the log into the file, and onto the disk: a power cut cannot take it any more. */
  checkpoint(): void {
    this.#database.exec('PRAGMA wal_checkpoint(PASSIVE)')
  }

  /**
   * Whether all files of this storage were read in since the index was made: before that, much of it may be unknown. Another
   * storage than the last makes it incomplete, and so does the last when it comes back: its files were missed meanwhile.
   */
  isComplete(storageId: string): boolean {
    return this.#database.prepare('SELECT since FROM complete WHERE storage = ?').get(storageId) !== undefined
  }

  /** Whether all files of some storage were read in since the index was made: what it lacks since then is gone, and not unknown. */
  get wasCompleted(): boolean {
    return this.#database.prepare('SELECT since FROM complete').get() !== undefined
  }

  /** All files of the storage are in the index from `now` on (wall-clock milliseconds). */
  setComplete(storageId: string, now: number): void {
    this.#transaction(() => {
      this.#database.exec('DELETE FROM complete')
      this.#database.prepare('INSERT INTO complete (since, storage) VALUES (?, ?)').run(Math.round(now), storageId)
    })
  }

  /**
   * Takes entries in, together with how far the journal is read: both or neither. The same entry twice counts once. `from`: where they
   * were read from; when another process has read on since, it has them, and nothing is done: retention may have deleted some already.
   */
  ingest(entries: readonly JournalEntry[], slot: number, position: number, from = this.position(slot)): void {
    this.#transaction(() => {
      if (this.position(slot) !== from) return
      for (const entry of entries) {
        if (entry.type === 'segment') this.#add(entry)
        else this.#gaps.add(this.#names.makeStream(entry.camera, 'main'), entry)
      }
      this.#database.prepare('INSERT OR REPLACE INTO journal VALUES (?, ?)').run(slot, position)
    })
  }

  /** Takes in what files say. Gives how many of them the index did not have, or had otherwise. */
  add(segments: readonly Segment[]): number {
    return this.#transaction(() => segments.filter(segment => this.#add(segment)).length)
  }

  /** Notes why footage of a camera's main stream is missing. */
  note(camera: string, gaps: readonly Noted[]): void {
    this.#transaction(() => {
      const stream = this.#names.makeStream(camera, 'main')
      for (const gap of gaps) this.#gaps.add(stream, gap)
    })
  }

  /** Forgets segments whose files are gone; the account says `reason` of their time from now on. */
  remove(segments: readonly Segment[], reason: string): void {
    this.#transaction(() => {
      for (const segment of segments) this.#remove(this.#rows.make(segment), reason)
    })
  }

  /** Cameras that the index has segments or gaps of, by name. */
  cameras(): string[] {
    const rows = this.#database.prepare('SELECT DISTINCT camera FROM stream ORDER BY camera').all()
    return (rows as { camera: string }[]).map(({ camera }) => camera)
  }

  /** Sums of the main streams, by camera. */
  totals(): Map<string, CameraTotal> {
    const rows = this.#database
      .prepare("SELECT camera, segments, bytes, last_end AS lastEnd FROM stream WHERE role = 'main' AND segments > 0")
      .all() as unknown as (CameraTotal & { camera: string })[]
    return new Map(rows.map(({ camera, ...total }) => [camera, total]))
  }

  /** Segments of a camera that overlap a span, in order of start. */
  segments(camera: string, span: Interval, role: StreamRole = 'main'): Segment[] {
    const stream = this.#names.stream(camera, role)
    if (stream === undefined) return []
    return this.#rows.segments(camera, role, stream, this.#sumsOf(stream).longest, span)
  }

  /** What is recorded of a camera's main stream in a span: in order, without overlap. */
  recorded(camera: string, span: Interval): Interval[] {
    const stream = this.#names.stream(camera, 'main')
    if (stream === undefined) return []
    return this.#spans
      .touching(stream, span)
      .map(({ start, end }) => ({ start: Math.max(start, span.start), end: Math.min(end, span.end) }))
      .filter(({ start, end }) => end > start)
  }

  /** From the first to the last instant that is recorded of a camera's main stream; undefined where nothing is. */
  whole(camera: string): Interval | undefined {
    const stream = this.#names.stream(camera, 'main')
    return stream === undefined ? undefined : this.#spans.whole(stream)
  }

  /**
   * End of the newest footage that began before `at`, of all cameras, be it there still or gone; undefined for none. Wall-clock
   * milliseconds.
   */
  lastKnownBefore(at: number): number | undefined {
    const row = this.#lastKnown.get(at, at) as { span: number | null; removed: number | null }
    return row.span === null && row.removed === null ? undefined : Math.max(row.span ?? 0, row.removed ?? 0)
  }

  /** Gaps that overlap a span, as the workers noted them: whole, in order of start; they may overlap. */
  gaps(camera: string, span: Interval): Noted[] {
    const stream = this.#names.stream(camera, 'main')
    return stream === undefined ? [] : this.#gaps.overlapping(stream, span)
  }

  /** What was recorded in a span and is gone. */
  removed(camera: string, span: Interval): Noted[] {
    const stream = this.#names.stream(camera, 'main')
    return stream === undefined ? [] : this.#removed.overlapping(stream, span)
  }

  /**
   * Forgets gaps and removed footage that ended before `before` (wall-clock milliseconds), and sessions of which nothing is there
   * any more: so many of a kind and stream at the most. Gives how many.
   */
  forget(before: number, most: number): number {
    return this.#transaction(() => {
      let forgotten = 0
      for (const { id } of this.#database.prepare('SELECT id FROM stream').all() as { id: number }[]) {
        forgotten += this.#gaps.forget(id, before, most) + this.#removed.forget(id, before, most)
        forgotten += this.#rows.forgetSessions(id, before, most)
        if (forgotten >= most) break
      }
      return forgotten
    })
  }

  /** True when the index did not say just this. */
  #add(segment: Segment): boolean {
    const row = this.#rows.make(segment)
    const known = this.#rows.find(row)
    if (known && isSame(known, row)) return false
    // What only its name told of before (ffmpeg's files): a file is one segment.
    for (const other of this.#rows.samePath(row)) this.#takeOut(other)
    // A segment that came back shorter (it was repaired) takes the time of the old one with it.
    if (known && known.length > row.length) this.#takeOut(known)
    const sums = this.#sumsOf(row.stream)
    this.#rows.put({ ...row, doomed: known?.doomed ?? 0 })
    this.#spans.add(row.stream, this.#extent(row))
    this.#noteClockSet(row)
    const there = known && known.length > row.length ? undefined : known
    this.#setSums.run(
      sums.segments + (there ? 0 : 1),
      sums.bytes + row.bytes - (there?.bytes ?? 0),
      Math.max(sums.lastEnd, row.start + row.length),
      Math.max(sums.longest, row.length),
      row.stream,
    )
    return true
  }

  #remove(row: SegmentRow, reason: string): void {
    const known = this.#rows.find(row)
    if (!known) return
    const extent = this.#takeOut(known)
    this.#removed.add(row.stream, { ...extent, reason })
  }

  /** Takes a row out, and its time from what is recorded. Gives that time. */
  #takeOut(row: SegmentRow): Interval {
    const extent = this.#extent(row)
    const sums = this.#sumsOf(row.stream)
    this.#rows.delete(row)
    this.#spans.subtract(row.stream, extent)
    // Other segments of this time, for a clock was set back.
    for (const other of this.#rows.near(row.stream, extent)) {
      const its = this.#extent(other)
      if (its.end > extent.start && its.start < extent.end) this.#spans.add(row.stream, its)
    }
    this.#setSums.run(sums.segments - 1, sums.bytes - row.bytes, sums.lastEnd, sums.longest, row.stream)
    return extent
  }

  /**
   * The time that a segment stands for: its own, and what lies between it and its neighbours of the same session where it was only
   * its length that made the recorder cut. Nothing is missing there, however the camera's clock runs against ours.
   */
  #extent(row: SegmentRow): Interval {
    const { before, after } = this.#rows.neighbours(row)
    let { start } = row
    let end = start + row.length
    if (before && this.#names.text(row.began) === LENGTH) start = Math.min(start, before.start + before.length)
    if (after && this.#names.text(after.began) === LENGTH) end = Math.max(end, after.start)
    return { start, end }
  }

  /** Nothing is missing between two segments of a session: what lies between them is time that no clock showed. */
  #noteClockSet(row: SegmentRow): void {
    const { before, after } = this.#rows.neighbours(row)
    for (const [one, next] of [
      [before, row],
      [row, after],
    ]) {
      if (!one || !next || this.#names.text(next.began) !== 'clock-step') continue
      const start = one.start + one.length
      if (next.start > start) this.#gaps.add(row.stream, { start, end: next.start, reason: CLOCK_SET })
    }
  }

  #sumsOf(stream: number): StreamSums {
    return (this.#sums.get(stream) as unknown as StreamSums | undefined) ?? EMPTY
  }

  #transaction<T>(work: () => T): T {
    try {
      return transaction(this.#database, work)
    } catch (error) {
      this.#names.forget()
      throw error
    }
  }
}

function isSame(one: SegmentRow, other: SegmentRow): boolean {
  const { length, bytes, frames, began, ended, clock_offset: offset, path } = other
  return (
    one.length === length &&
    one.bytes === bytes &&
    one.frames === frames &&
    one.began === began &&
    one.ended === ended &&
    one.clock_offset === offset &&
    one.path === path &&
    Buffer.from(one.sha256 ?? []).equals(other.sha256 ?? new Uint8Array())
  )
}
