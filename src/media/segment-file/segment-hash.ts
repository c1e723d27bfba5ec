import { createHash } from 'node:crypto'

/**
 * The hash of a segment while it is written: first of all behind the init segment, in order, as soon as it is on disk; then of
 * the init segment as it is at close. What it is of stands at SegmentEnd.sha256. Costs about half a nanosecond a byte where the
 * processor has instructions for SHA-256.
 */
export class SegmentHash {
  readonly #body = createHash('sha256')
  /** What {@link seal} gave last; null before. */
  sealed: string | null = null

  /** What was written behind all that was added before. */
  add(buffers: readonly Uint8Array[]): void {
    for (const buffer of buffers) this.#body.update(buffer)
  }

  /** The hash of the file, 64 hex digits, given its final init segment. More can be added afterwards, and sealed anew. */
  readonly seal = (init: Uint8Array): string => {
    this.sealed = this.#body.copy().update(init).digest('hex')
    return this.sealed
  }
}
