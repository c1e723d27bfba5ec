import type { SegmentReason } from '../../wire/mp4/index.ts'

/** A closed segment, as the journal tells of it. An entry with the path of an earlier one replaces that. */
export type SegmentEntry = Extract<JournalEntry, { type: 'segment' }>

/** One line of the worker's journal (JSON lines, append only): what a daemon that was away must learn afterwards. */
export type JournalEntry =
  | {
      readonly type: 'segment'
      readonly camera: string
      readonly stream: 'main' | 'sub'
      readonly session: string
      readonly number: number
      /** Relative to the storage path. */
      readonly path: string
      /** Wall-clock milliseconds of the first frame, and of the end of the last. */
      readonly start: number
      readonly end: number
      readonly bytes: number
      readonly frames: number
      readonly codec: string
      readonly began: SegmentReason
      readonly ended: string
      /** Camera clock minus ours when it was begun, milliseconds; null when no sender report had told. */
      readonly clockOffset: number | null
      /** Hash of the file, 64 hex digits, as its end says (SegmentEnd); null where none was made. */
      readonly sha256: string | null
    }
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
