import { isHeld } from '../segment-index/hold-table.ts'
import type { Interval } from '../types.ts'
import type { Giver } from './giving-order.ts'
import type { CameraFootage, Candidate, InOrder } from './types.ts'

/** The segments of a camera that may be deleted, oldest first: both its streams, without what is held. */
export class CameraQueue<C extends Candidate> implements Giver<C> {
  readonly footage: CameraFootage<C>
  /** Bytes and milliseconds that remain when what was taken is gone. */
  bytes: number
  recorded: number
  readonly #streams: StreamHead<C>[]
  /** Read already, in order of start: those that no limit has let through yet. */
  readonly #waiting: C[] = []

  constructor(footage: CameraFootage<C>, skip: (segment: C) => boolean) {
    this.footage = footage
    this.bytes = footage.bytes
    this.recorded = footage.recorded
    this.#streams = footage.streams().map(stream => new StreamHead(stream, footage.holds, skip))
  }

  /** The oldest that ended at `limit` or before; it stays. */
  peek(limit: number): C | undefined {
    return this.#waiting.find(({ end }) => end <= limit) ?? this.#read(limit)
  }

  /** Takes what {@link peek} gave. */
  take(segment: C): void {
    this.#waiting.splice(this.#waiting.indexOf(segment), 1)
    this.bytes -= segment.bytes
    if (segment.stream === 'main') this.recorded -= segment.end - segment.start
  }

  #read(limit: number): C | undefined {
    for (;;) {
      let first: StreamHead<C> | undefined
      for (const stream of this.#streams) {
        if (stream.head && (!first || stream.head.start < first.head!.start)) first = stream
      }
      const segment = first?.head
      // What begins behind the limit cannot end before it.
      if (!segment || segment.start > limit) return undefined
      first!.advance()
      this.#waiting.push(segment)
      if (segment.end <= limit) return segment
    }
  }
}

/** The next segment of a stream that is neither held nor to be skipped. */
class StreamHead<C extends Candidate> {
  #head: C | undefined
  #read = false
  readonly #stream: InOrder<C>
  readonly #holds: readonly Interval[]
  readonly #skip: (segment: C) => boolean

  constructor(stream: InOrder<C>, holds: readonly Interval[], skip: (segment: C) => boolean) {
    this.#stream = stream
    this.#holds = holds
    this.#skip = skip
  }

  /** Read when it is asked for first. */
  get head(): C | undefined {
    if (!this.#read) this.advance()
    return this.#head
  }

  advance(): void {
    this.#read = true
    let from = Number.MIN_SAFE_INTEGER
    for (;;) {
      const segment = this.#stream.next(from)
      this.#head = segment
      if (!segment) return
      // A hold may be years long: all that begins in it is passed over at once.
      const hold = this.#holds.find(({ start, end }) => segment.start >= start && segment.start < end)
      if (hold) from = hold.end
      else if (!isHeld(segment, this.#holds) && !this.#skip(segment)) return
    }
  }
}
