/** Seconds of a part, at most, where frames are that short. */
export const PART_TIME = 0.25
/** Seconds after which a segment ends with the next key frame. A group of 2 s of a camera that is a little quick is one. */
const SEGMENT_TIME = 1.9
/** Seconds after which it ends anyway: a camera that sends no key frame must not collect memory. */
const OVERLONG_TIME = 30
const PART_BYTES = 8 * 1024 * 1024
/** Times are floating-point numbers here. */
const EPSILON = 1e-6

/** What comes before the next frame: nothing, the end of the part in hand, or of the segment as well. */
export type PartCut = 'append' | 'part' | 'segment'

/**
 * Decides, from times and key flags alone, where a live stream is cut into parts and segments. Every segment begins with a key
 * frame, but for the one behind an early end: players need a whole segment to begin with, and the first viewer shall
 * not wait for the end of a group of pictures.
 */
export class PartCutter {
  #partStart: number | undefined
  #segmentStart = 0
  #last = 0
  #usual = 0
  #bytes = 0
  #early = false
  /** The running segment began without a key frame: it ends with the next one. */
  #headless = false

  /** A session begins with the next frame. */
  session(): void {
    this.#partStart = undefined
    this.#usual = 0
    this.#headless = false
  }

  /** Somebody else ended the segment before the part in hand: the next one lasts until a key frame. */
  ended(): void {
    this.#headless = true
  }

  /** The running segment ends with its part. */
  endEarly(): void {
    this.#early = true
  }

  /** The next frame of the leading track, decoded at `time` seconds: not before the last one. `bytes` long. */
  next(time: number, key: boolean, bytes: number): PartCut {
    if (this.#partStart === undefined) {
      this.#begin(time, bytes)
      this.#segmentStart = time
      return 'append'
    }
    if (time > this.#last) this.#usual = time - this.#last
    this.#last = time
    const length = time - this.#segmentStart
    const ends = (key && (this.#headless || length >= SEGMENT_TIME)) || length >= OVERLONG_TIME
    const part = time - this.#partStart
    // A key frame within a segment begins a part, so that players may begin with it; not every one of a camera that sends no others.
    const full = part + this.#usual > PART_TIME + EPSILON || (key && part >= PART_TIME / 2) || this.#bytes >= PART_BYTES
    if (!ends && !full) {
      this.#bytes += bytes
      return 'append'
    }
    this.#begin(time, bytes)
    if (!ends && !this.#early) return 'part'
    this.#early = false
    this.#headless = !key
    this.#segmentStart = time
    return 'segment'
  }

  #begin(time: number, bytes: number): void {
    this.#partStart = time
    this.#last = time
    this.#bytes = bytes
  }
}
