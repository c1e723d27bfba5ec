import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { StreamRole } from '../../media/frame.ts'
import type { Interval, Segment } from '../types.ts'
import type { Dictionary } from './dictionary.ts'
import { type HoldTable, isHeld } from './hold-table.ts'
import type { OldSegment } from './oldest-segments.ts'
import type { NamedRow, SegmentRows } from './segment-rows.ts'
import type { Transact } from './transact.ts'

/** A segment that is being deleted, and why. */
export interface DoomedSegment {
  readonly segment: Segment
  readonly reason: string
}

/**
 * Segments that are being deleted: marked first, then the file goes, then the row. So whatever ends the process in between,
 * the next one knows what was begun.
 */
export class DoomedSegments {
  readonly #transact: Transact
  readonly #names: Dictionary
  readonly #rows: SegmentRows
  readonly #holds: HoldTable
  readonly #set: StatementSync
  readonly #list: StatementSync
  readonly #inSpan: StatementSync

  constructor(database: DatabaseSync, transact: Transact, names: Dictionary, rows: SegmentRows, holds: HoldTable) {
    this.#transact = transact
    this.#names = names
    this.#rows = rows
    this.#holds = holds
    this.#set = database.prepare(
      'UPDATE segment SET doomed = ? WHERE stream = ? AND start = ? AND session = ? AND number = ?',
    )
    this.#list = database.prepare(
      `SELECT s.*, session.name, session.codec, stream.camera, stream.role FROM segment AS s
         JOIN session ON session.id = s.session JOIN stream ON stream.id = s.stream
       WHERE s.doomed <> 0 ORDER BY s.stream, s.start LIMIT ?`,
    )
    this.#inSpan = database.prepare(
      `SELECT start, start + length AS end FROM segment INDEXED BY segment_doomed JOIN stream ON stream.id = stream
       WHERE doomed <> 0 AND camera = ? AND start < ? AND start + length > ? ORDER BY start`,
    )
  }

  /**
   * Marks segments, and gives those that were marked: that are there, were not marked, and are not held. Holds are looked at in
   * the transaction that marks, so a hold that was added before always wins.
   */
  mark(segments: readonly OldSegment[], reason: string): Segment[] {
    return this.#transact(() => {
      const holds = this.#holds.activeByCamera()
      return segments.flatMap(segment => {
        const { camera, stream: role } = segment
        if (isHeld(segment, holds.get(camera))) return []
        const stream = this.#names.stream(camera, role)
        const row = stream === undefined ? undefined : this.#rows.called(stream, segment)
        if (row?.doomed !== 0) return []
        this.#set.run(this.#names.word(reason), row.stream, row.start, row.session, row.number)
        return [this.#rows.segment(camera, role, row)]
      })
    })
  }

  /** Whether a segment is marked still: another process may have finished it. */
  has(segment: OldSegment): boolean {
    const stream = this.#names.stream(segment.camera, segment.stream)
    return stream !== undefined && (this.#rows.called(stream, segment)?.doomed ?? 0) !== 0
  }

  /** Takes the mark away: the file was not deleted, and is not going to be. */
  spare(segments: readonly Segment[]): void {
    this.#transact(() => {
      for (const segment of segments) {
        const { stream, start, session, number } = this.#rows.make(segment)
        this.#set.run(0, stream, start, session, number)
      }
    })
  }

  /** The first of those marked, at most `limit`. */
  list(limit: number): DoomedSegment[] {
    const rows = this.#list.all(limit) as unknown as (NamedRow & { camera: string; role: StreamRole })[]
    return rows.map(row => ({
      segment: this.#rows.segment(row.camera, row.role, row),
      reason: this.#names.text(row.doomed),
    }))
  }

  /** When what is being deleted of a camera was recorded, as far as it overlaps a span. */
  within(camera: string, { start, end }: Interval): Interval[] {
    return this.#inSpan.all(camera, end, start) as unknown as Interval[]
  }
}
