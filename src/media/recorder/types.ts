import type { ClosedSegment } from '../segment-file/index.ts'

/** A closed segment, as the journal tells of it. An entry with the path of an earlier one replaces that. */
export type SegmentEntry = { readonly type: 'segment' } & ClosedSegment

/** One line of the worker's journal (JSON lines, append only): what a daemon that was away must learn afterwards. */
export type JournalEntry =
  | SegmentEntry
  | {
      readonly type: 'gap'
      readonly camera: string
      /** Wall-clock milliseconds. */
      readonly start: number
      readonly end: number
      readonly reason: string
    }

/** Where recorders report what a daemon must learn. Takes an entry at once and never throws. */
export interface JournalSink {
  append(entry: JournalEntry): void
}
