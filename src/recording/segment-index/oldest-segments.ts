import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { StreamRole } from '../../media/frame.ts'
import type { Interval, Segment } from '../types.ts'
import { usualPath } from './segment-rows.ts'

/** A stream that the index has, and sums over its segments. */
export interface StreamSum {
  readonly id: number
  readonly camera: string
  readonly role: StreamRole
  readonly segments: number
  readonly bytes: number
  /** Wall-clock milliseconds of the end of the newest segment. */
  readonly lastEnd: number
}

/** What is read of a segment to decide whether it goes. */
export type OldSegment = Pick<Segment, 'camera' | 'stream' | 'session' | 'number' | 'path' | 'start' | 'end' | 'bytes'>

interface OldRow {
  readonly start: number
  readonly session: number
  readonly number: number
  readonly length: number
  readonly bytes: number
  readonly path: string | null
  /** Of the session. */
  readonly name: string
}

function oldSegment({ camera, role }: StreamSum, { start, number, length, bytes, path, name }: OldRow): OldSegment {
  return {
    camera,
    stream: role,
    session: name,
    number,
    path: path ?? usualPath(camera, role, start),
    start,
    end: start + length,
    bytes,
  }
}

/** Rows of the first page; each further one is twice as long. */
const FIRST_PAGE = 4
const LONGEST_PAGE = 256

/** The segments of streams from the oldest on, page by page: the newest are never looked at. */
export class OldestSegments {
  readonly #streams: StatementSync
  readonly #page: StatementSync
  readonly #begun: StatementSync
  readonly #start: StatementSync
  readonly #recorded: StatementSync

  constructor(database: DatabaseSync) {
    this.#streams = database.prepare(
      'SELECT id, camera, role, segments, bytes, last_end AS lastEnd FROM stream WHERE segments > 0 ORDER BY camera, role',
    )
    this.#page = database.prepare(
      `SELECT s.start, s.session, s.number, s.length, s.bytes, s.path, session.name FROM segment AS s JOIN session ON session.id = s.session
       WHERE s.stream = ? AND (s.start, s.session, s.number) > (?, ?, ?) AND s.doomed = 0
       ORDER BY s.start, s.session, s.number LIMIT ?`,
    )
    this.#begun = database.prepare(
      'SELECT min(start) AS first, sum(bytes) AS bytes FROM segment WHERE stream = ? AND start >= ? AND start < ?',
    )
    this.#start = database.prepare(
      'SELECT min((SELECT min(start) FROM segment WHERE stream = stream.id)) AS start FROM stream',
    )
    this.#recorded = database.prepare(
      `SELECT camera, sum(end - start) AS recorded FROM span JOIN stream ON stream.id = span.stream AND role = 'main'
       GROUP BY camera`,
    )
  }

  /** When the oldest of all segments began, wall-clock milliseconds; undefined where there is none. */
  start(): number | undefined {
    return (this.#start.get() as { start: number | null }).start ?? undefined
  }

  /** Streams that have segments, by camera. */
  streams(): StreamSum[] {
    return this.#streams.all() as unknown as StreamSum[]
  }

  /** A stream's segments that are not being deleted, oldest first, as the index has them when they are asked for. */
  of(stream: StreamSum): SegmentsInOrder {
    let [start, session, number] = [Number.MIN_SAFE_INTEGER, 0, 0]
    let page: OldRow[] = []
    let at = 0
    let length = FIRST_PAGE
    let ended = false
    return {
      next: from => {
        while (at < page.length && page[at]!.start < from) at++
        if (at === page.length && !ended) {
          // Numbers of sessions begin at 1: nothing that begins at `from` is left out.
          if (from > start) [start, session, number] = [from, 0, 0]
          page = this.#page.all(stream.id, start, session, number, length) as unknown as OldRow[]
          ended = page.length < length
          length = Math.min(LONGEST_PAGE, length * 2)
          at = 0
          const last = page.at(-1)
          if (last) ({ start, session, number } = last)
        }
        const row = page[at++]
        return row && oldSegment(stream, row)
      },
    }
  }

  /** Bytes of a stream's segments that began in a span, and when the first of them did; undefined where none did. */
  begunIn(stream: StreamSum, { start, end }: Interval): { readonly first: number; readonly bytes: number } | undefined {
    const { first, bytes } = this.#begun.get(stream.id, start, end) as { first: number | null; bytes: number | null }
    return first === null || bytes === null ? undefined : { first, bytes }
  }

  /** Milliseconds that are recorded of each camera's main stream. */
  recorded(): Map<string, number> {
    const rows = this.#recorded.all() as { camera: string; recorded: number }[]
    return new Map(rows.map(({ camera, recorded }) => [camera, recorded]))
  }
}

/** Segments of a stream in order of start. */
export interface SegmentsInOrder {
  /** The next one that begins at `from` or later; what begins earlier is passed over for good. Undefined behind the last. */
  next(from: number): OldSegment | undefined
}
