import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { StreamRole } from '../../media/frame.ts'
import { fileName, segmentName } from '../../media/recorder/index.ts'
import type { Interval, Segment } from '../types.ts'
import type { Dictionary } from './dictionary.ts'

/** A segment's row: times in whole milliseconds, names as numbers. */
export interface SegmentRow {
  readonly stream: number
  readonly start: number
  readonly session: number
  readonly number: number
  readonly length: number
  readonly bytes: number
  readonly frames: number
  readonly began: number
  readonly ended: number
  readonly clock_offset: number | null
  readonly sha256: Uint8Array | null
  readonly path: string | null
  readonly doomed: number
}

/** A row with its session's name and codec. */
export interface NamedRow extends SegmentRow {
  readonly name: string
  readonly codec: string
}

const COLUMNS =
  'stream, start, session, number, length, bytes, frames, began, ended, clock_offset, sha256, path, doomed'
const KEY = 'stream = ? AND start = ? AND session = ? AND number = ?'

/** Milliseconds within which a segment's neighbour begins: the longest there are take four hours. */
const REACH = 8 * 3_600_000

/** Milliseconds by which a file's name and its recorder may tell of its start otherwise: local names repeat for an hour. */
const NAMING = 2 * 3_600_000

/** The path that a segment has when its name is in UTC and the first of its second. */
export function usualPath(camera: string, role: StreamRole, start: number): string {
  const name = segmentName(camera, role, start, 'utc', 'UTC')
  return `${name.directory}/${fileName(name, 0)}`
}

/** The segments' rows: what stands in them, and in which order they come. */
export class SegmentRows {
  readonly #names: Dictionary
  readonly #find: StatementSync
  readonly #insert: StatementSync
  readonly #delete: StatementSync
  readonly #before: StatementSync
  readonly #after: StatementSync
  readonly #near: StatementSync
  readonly #samePath: StatementSync
  readonly #named: StatementSync
  readonly #session: StatementSync
  readonly #called: StatementSync
  readonly #forgetSessions: StatementSync

  constructor(database: DatabaseSync, names: Dictionary) {
    this.#names = names
    this.#find = database.prepare(`SELECT ${COLUMNS} FROM segment WHERE ${KEY}`)
    this.#insert = database.prepare(`INSERT OR REPLACE INTO segment (${COLUMNS}) VALUES (${'?, '.repeat(12)}?)`)
    this.#delete = database.prepare(`DELETE FROM segment WHERE ${KEY}`)
    const near = `SELECT ${COLUMNS} FROM segment WHERE stream = :stream AND session = :session AND number = :number AND start`
    this.#before = database.prepare(`${near} BETWEEN :start - ${REACH} AND :start ORDER BY start DESC LIMIT 1`)
    this.#after = database.prepare(`${near} BETWEEN :start AND :start + ${REACH} ORDER BY start LIMIT 1`)
    this.#near = database.prepare(`SELECT ${COLUMNS} FROM segment WHERE stream = ? AND start > ? AND start < ?`)
    this.#samePath = database.prepare(
      `SELECT ${COLUMNS} FROM segment WHERE stream = :stream AND path = :path AND NOT (start = :start AND session = :session AND number = :number)
         AND start BETWEEN :start - ${NAMING} AND :start + ${NAMING}`,
    )
    this.#named = database.prepare(
      `SELECT s.*, session.name, session.codec FROM segment AS s JOIN session ON session.id = s.session
       WHERE s.stream = :stream AND s.start < :end AND s.start >= :start - :longest AND s.start + s.length > :start
       ORDER BY s.start, s.number`,
    )
    this.#called = database.prepare(
      `SELECT s.*, session.name, session.codec FROM segment AS s JOIN session ON session.id = s.session
       WHERE s.stream = ? AND s.start = ? AND s.number = ? AND session.name = ?`,
    )
    this.#forgetSessions = database.prepare(
      `DELETE FROM session WHERE id IN (SELECT id FROM session WHERE stream = :stream AND newest < :before
         AND newest < coalesce((SELECT min(start) FROM segment WHERE stream = :stream), :before) LIMIT :most)`,
    )
    this.#session = database.prepare(
      `INSERT INTO session (stream, name, codec, newest) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET newest = max(newest, excluded.newest) RETURNING id`,
    )
  }

  /** The row for a segment; its session gets a number where it has none. */
  make(segment: Segment): SegmentRow {
    const { camera, stream: role, path } = segment
    const stream = this.#names.makeStream(camera, role)
    const start = Math.round(segment.start)
    const { id } = this.#session.get(stream, segment.session, segment.codec, start) as { id: number }
    return {
      stream,
      start,
      session: id,
      number: segment.number,
      length: Math.max(0, Math.round(segment.end) - start),
      bytes: segment.bytes,
      frames: segment.frames,
      began: this.#names.word(segment.began),
      ended: this.#names.word(segment.ended),
      clock_offset: segment.clockOffset === null ? null : Math.round(segment.clockOffset),
      sha256: segment.sha256 === null ? null : Buffer.from(segment.sha256, 'hex'),
      path: path === usualPath(camera, role, start) ? null : path,
      doomed: 0,
    }
  }

  /** The row of the same segment as `row` that is there. */
  find({ stream, start, session, number }: SegmentRow): SegmentRow | undefined {
    return this.#find.get(stream, start, session, number) as SegmentRow | undefined
  }

  /** The row of a segment by the name of its session. */
  called(stream: number, segment: Pick<Segment, 'start' | 'session' | 'number'>): NamedRow | undefined {
    const { start, session, number } = segment
    return this.#called.get(stream, Math.round(start), number, session) as NamedRow | undefined
  }

  /** Puts a row in, in place of the one of the same segment. */
  put(row: SegmentRow): void {
    const { stream, start, session, number, length, bytes, frames, began, ended, clock_offset, sha256, path, doomed } =
      row
    this.#insert.run(
      stream,
      start,
      session,
      number,
      length,
      bytes,
      frames,
      began,
      ended,
      clock_offset,
      sha256,
      path,
      doomed,
    )
  }

  delete({ stream, start, session, number }: SegmentRow): void {
    this.#delete.run(stream, start, session, number)
  }

  /** The segments before and behind a row's in its session. */
  neighbours({ stream, start, session, number }: SegmentRow): {
    before: SegmentRow | undefined
    after: SegmentRow | undefined
  } {
    const key = { stream, start, session }
    const before = number === 0 ? undefined : this.#before.get({ ...key, number: number - 1 })
    const after = this.#after.get({ ...key, number: number + 1 })
    return { before: before as SegmentRow | undefined, after: after as SegmentRow | undefined }
  }

  /** Forgets sessions whose segments all began before `before` and are gone, so many at the most; gives how many. */
  forgetSessions(stream: number, before: number, most: number): number {
    return Number(this.#forgetSessions.run({ stream, before, most }).changes)
  }

  /** Other rows that stand for the same file. */
  samePath({ stream, path, start, session, number }: SegmentRow): SegmentRow[] {
    return path === null
      ? []
      : (this.#samePath.all({ stream, path, start, session, number }) as unknown as SegmentRow[])
  }

  /** The segments that may reach into a span, or stand for a part of it with their neighbours. */
  near(stream: number, { start, end }: Interval): SegmentRow[] {
    return this.#near.all(stream, start - REACH, end) as unknown as SegmentRow[]
  }

  /** The segments of a camera's stream that overlap a span, in order of their start. */
  segments(camera: string, role: StreamRole, stream: number, longest: number, { start, end }: Interval): Segment[] {
    const rows = this.#named.all({ stream, longest, start, end }) as unknown as NamedRow[]
    return rows.map(row => this.segment(camera, role, row))
  }

  segment(camera: string, stream: StreamRole, row: NamedRow): Segment {
    const { start, number, length, bytes, frames, clock_offset: clockOffset, sha256 } = row
    return {
      camera,
      stream,
      session: row.name,
      number,
      path: row.path ?? usualPath(camera, stream, start),
      start,
      end: start + length,
      bytes,
      frames,
      codec: row.codec,
      began: this.#names.text(row.began),
      ended: this.#names.text(row.ended),
      clockOffset,
      sha256: sha256 === null ? null : Buffer.from(sha256).toString('hex'),
    }
  }
}
