import type { SegmentReason } from '../../wire/mp4/index.ts'

/** What becomes of a frame of the leading track. `begin`: it is the first of a new segment, for {@link Cutter.reason}. */
export type Cut = 'skip' | 'append' | 'begin'

/** A camera that sends no key frame is cut without one when a segment is this many times its length. */
export const OVERLONG = 4

export interface CutterSettings {
  /** Milliseconds of media in a segment. */
  readonly segment: number
  /** Share of `segment` that the first one of a session has, above 0 and at most 1: spreads the cameras' cuts over time. */
  readonly stagger: number
}

/**
 * Decides, from times and key flags alone, where a stream is cut into segments. A segment begins with a key frame: the
 * first of a session, the first after frames were lost, or the first once the running segment has its length.
 * Every session begins with a shortened segment, so that cameras which came back together do not cut together from then on.
 */
export class Cutter {
  /** Why the segment was begun that the last `begin` began. */
  reason: SegmentReason = 'first'
  /** Frames that no segment took because no key frame had come yet. */
  skipped = 0
  /** Segments that were cut without a key frame, or the running one is about to be. */
  overlong = 0
  readonly #settings: CutterSettings
  #timescale = 1
  #waiting: SegmentReason | undefined
  #wanted: SegmentReason | undefined
  #start = 0
  #target = 0

  constructor(settings: CutterSettings) {
    this.#settings = settings
  }

  /** True while frames are skipped because a key frame must come first. */
  get waiting(): boolean {
    return this.#waiting !== undefined
  }

  /** A session begins, its leading track counting `timescale` ticks a second. */
  session(timescale: number, reason: SegmentReason): void {
    this.#timescale = timescale
    this.#waiting = reason
    this.#wanted = undefined
    this.#target = this.#ticks(this.#settings.segment * this.#settings.stagger)
  }

  /** What was given so far is not followed by what comes: skips until a key frame. What waits already keeps its reason. */
  interrupt(reason: SegmentReason): void {
    this.#waiting ??= reason
    this.#wanted = undefined
  }

  /** Asks for a cut at the next key frame, with nothing lost. */
  request(reason: SegmentReason): void {
    if (this.#waiting === undefined) this.#wanted = reason
  }

  /** The next frame of the leading track. `dts` in ticks, not falling within a session. */
  next(dts: number, key: boolean): Cut {
    if (this.#waiting !== undefined) {
      if (!key) {
        this.skipped++
        return 'skip'
      }
      return this.#begin(dts, this.#waiting)
    }
    const length = dts - this.#start
    if (key) {
      if (this.#wanted !== undefined) return this.#begin(dts, this.#wanted)
      if (length >= this.#target) return this.#begin(dts, 'duration')
    } else if (length >= OVERLONG * this.#ticks(this.#settings.segment)) {
      this.overlong++
      return this.#begin(dts, this.#wanted ?? 'duration')
    }
    return 'append'
  }

  #begin(dts: number, reason: SegmentReason): Cut {
    // Only the segment that opens a session is shortened; `session` has set its target.
    if (this.#waiting === undefined) this.#target = this.#ticks(this.#settings.segment)
    this.reason = reason
    this.#start = dts
    this.#waiting = undefined
    this.#wanted = undefined
    return 'begin'
  }

  #ticks(milliseconds: number): number {
    return (milliseconds * this.#timescale) / 1_000
  }
}
