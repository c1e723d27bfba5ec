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

interface MarkedRow extends NamedRow {
  readonly camera: string
  readonly role: StreamRole
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
    const marked = `SELECT s.*, session.name, session.codec, stream.camera, stream.role
       FROM segment AS s INDEXED BY segment_doomed JOIN session ON session.id = s.session JOIN stream ON stream.id = s.stream
       WHERE s.doomed <> 0`
    this.#list = database.prepare(`${marked} ORDER BY s.stream, s.start LIMIT ?`)
    this.#inSpan = database.prepare(
      `${marked} AND stream.camera = ? AND s.start < ? AND s.start + s.length > ? ORDER BY s.start`,
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

  /** How it stands with a segment that was marked: it is still, or somebody holds it by now, or it is not any more. */
  standing(segment: OldSegment): 'doomed' | 'held' | 'over' {
    const stream = this.#names.stream(segment.camera, segment.stream)
    if (stream === undefined || !this.#rows.called(stream, segment)?.doomed) return 'over'
    return this.#holds.holds(segment.camera, segment) ? 'held' : 'doomed'
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
    const rows = this.#list.all(limit) as unknown as MarkedRow[]
    return rows.map(row => ({ segment: this.#segment(row), reason: this.#names.text(row.doomed) }))
  }

  /** What is being deleted of a camera, as far as it overlaps a span. */
  within(camera: string, { start, end }: Interval): Segment[] {
    const rows = this.#inSpan.all(camera, end, start) as unknown as MarkedRow[]
    return rows.map(row => this.#segment(row))
  }

  #segment(row: MarkedRow): Segment {
    return this.#rows.segment(row.camera, row.role, row)
  }
}
