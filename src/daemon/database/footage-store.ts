import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { JournalEntry } from '../../media/recorder/index.ts'
import { type Interval, uncovered, unwanted, type WishChange } from '../lost-footage.ts'
import { transaction } from './open.ts'

type SegmentEntry = Extract<JournalEntry, { type: 'segment' }>

/** Between two segments of one session nothing is missing; clocks and rounding are given this, milliseconds. */
const TOLERANCE = 1_500

/** Reason of a gap that no worker could note, for none was there: it was killed, or the machine was off. */
export const NO_RECORDER = 'no recorder'

export interface CameraTotal {
  readonly segments: number
  readonly bytes: number
  /** Wall-clock milliseconds of the end of the newest segment. */
  readonly lastEnd: number
}

/** Segments and gaps, as the workers' journals told them. */
export class FootageStore {
  readonly #database: DatabaseSync
  readonly #insertSegment: StatementSync
  readonly #insertGap: StatementSync
  readonly #addTotal: StatementSync
  readonly #lastEnd: StatementSync

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#insertSegment = database.prepare('INSERT OR IGNORE INTO segment VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
    this.#insertGap = database.prepare(
      'INSERT INTO gap VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET end = max(end, excluded.end)',
    )
    this.#addTotal = database.prepare(
      `INSERT INTO total VALUES (?, 1, ?, ?) ON CONFLICT DO UPDATE SET
         segments = segments + 1, bytes = bytes + excluded.bytes, last_end = max(last_end, excluded.last_end)`,
    )
    this.#lastEnd = database.prepare('SELECT last_end FROM total WHERE camera = ?')
  }

  /** Where to go on reading the journal of a slot. */
  position(slot: number): number {
    const row = this.#database.prepare('SELECT position FROM journal WHERE slot = ?').get(slot)
    return (row as { position: number } | undefined)?.position ?? 0
  }

  /** Takes entries in, together with how far the journal is read: both or neither. The same entry twice counts once. */
  ingest(entries: readonly JournalEntry[], slot: number, position: number): void {
    transaction(this.#database, () => {
      for (const entry of entries) {
        if (entry.type === 'segment') this.#segment(entry)
        else this.#insertGap.run(entry.camera, Math.round(entry.start), Math.round(entry.end), entry.reason)
      }
      this.#database.prepare('INSERT OR REPLACE INTO journal VALUES (?, ?)').run(slot, position)
    })
  }

  totals(): Map<string, CameraTotal> {
    const rows = this.#database.prepare('SELECT camera, segments, bytes, last_end AS lastEnd FROM total').all()
    return new Map(
      (rows as unknown as (CameraTotal & { camera: string })[]).map(({ camera, ...total }) => [camera, total]),
    )
  }

  /** Seconds lost between `from` and `to` (wall-clock milliseconds), by camera and reason. */
  lost(from: number, to: number): Map<string, Record<string, number>> {
    const rows = this.#database
      .prepare(
        `SELECT camera, reason, sum(min(end, ?) - max(start, ?)) AS lost FROM gap
         WHERE end > ? AND start < ? GROUP BY camera, reason`,
      )
      .all(to, from, from, to) as { camera: string; reason: string; lost: number }[]
    const result = new Map<string, Record<string, number>>()
    for (const { camera, reason, lost } of rows) {
      const reasons = result.get(camera) ?? {}
      reasons[reason] = Math.round(lost / 100) / 10
      result.set(camera, reasons)
    }
    return result
  }

  #segment(entry: SegmentEntry): void {
    const start = Math.round(entry.start)
    const end = Math.round(entry.end)
    const { path, camera, stream, session, number, bytes, frames, codec, began, ended } = entry
    const { changes } = this.#insertSegment.run(
      path,
      camera,
      stream,
      session,
      number,
      start,
      end,
      bytes,
      frames,
      codec,
      began,
      ended,
    )
    if (changes === 0 || stream !== 'main') return
    this.#fill(camera, { start, end })
    const last = (this.#lastEnd.get(camera) as { last_end: number } | undefined)?.last_end
    this.#addTotal.run(camera, bytes, end)
    if (last === undefined || start - last <= TOLERANCE) return
    this.#insertHoles(camera, this.#unexplained(camera, { start: last, end: start }))
  }

  /** A segment that comes late (repaired after a crash) closes what had looked like a hole. */
  #fill(camera: string, segment: Interval): void {
    const holes = this.#database
      .prepare('SELECT start, end FROM gap WHERE camera = ? AND reason = ? AND end > ? AND start < ?')
      .all(camera, NO_RECORDER, segment.start, segment.end) as unknown as Interval[]
    const remove = this.#database.prepare('DELETE FROM gap WHERE camera = ? AND reason = ? AND start = ?')
    for (const hole of holes) {
      remove.run(camera, NO_RECORDER, hole.start)
      this.#insertHoles(camera, uncovered(hole, [segment]))
    }
  }

  #insertHoles(camera: string, holes: readonly Interval[]): void {
    for (const { start, end } of holes)
      if (end - start > TOLERANCE) this.#insertGap.run(camera, start, end, NO_RECORDER)
  }

  /** What of a hole between two segments neither a gap of the journal nor somebody's wish explains. */
  #unexplained(camera: string, hole: Interval): Interval[] {
    const gaps = this.#database
      .prepare('SELECT start, end FROM gap WHERE camera = ? AND end > ? AND start < ?')
      .all(camera, hole.start, hole.end) as unknown as Interval[]
    const changes = this.#database
      .prepare('SELECT at, record FROM wanted_history WHERE camera = ? AND at < ? ORDER BY at, rowid')
      .all(camera, hole.end) as { at: number; record: number }[]
    const wishes: WishChange[] = changes.map(({ at, record }) => ({ at, record: record === 1 }))
    return uncovered(hole, [...gaps, ...unwanted(hole, wishes, true)])
  }
}
