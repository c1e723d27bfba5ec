/** Seconds over which rates are measured. */
const WINDOW = 10

/** Milliseconds between frames that are taken as they come; a camera may begin with two of one moment. */
const SHORTEST = 40

/** What the status shows of a stream; null while unknown. */
export interface StreamFigures {
  /** Frames a second. */
  readonly fps: number | null
  /** Bit/s as received, all tracks, RTP headers included. */
  readonly bitrate: number | null
  /** Milliseconds of media time between the last two key frames. */
  readonly gop: number | null
  /** Monotonic milliseconds of the last key frame. */
  readonly keyFrameAt: number | null
}

/** Rates of one stream over the last ten whole seconds. Times are monotonic milliseconds. */
export class StreamStatistics {
  readonly #frames = new Array<number>(WINDOW + 1).fill(0)
  readonly #bytes = new Array<number>(WINDOW + 1).fill(0)
  #second = -1
  #first = -1
  #keyFrameAt: number | null = null
  #keyFramePts: number | null = null
  #gop: number | null = null
  #interval: number | undefined
  #lastPts: number | undefined
  /** Monotonic milliseconds of the last video frame, and of the first of this connection. */
  lastFrameAt: number | undefined
  firstFrameAt: number | undefined
  framesReceived = 0

  /** A connection begins: rates start anew, the count of frames goes on. */
  restart(): void {
    this.#frames.fill(0)
    this.#bytes.fill(0)
    this.#second = -1
    this.#first = -1
    this.#keyFramePts = null
    this.#lastPts = undefined
    this.lastFrameAt = undefined
    this.firstFrameAt = undefined
  }

  bytes(now: number, count: number): void {
    this.#bytes[this.#slot(now)]! += count
  }

  /** A video frame; `pts` in milliseconds of media time. */
  frame(now: number, pts: number, key: boolean): void {
    this.#frames[this.#slot(now)]! += 1
    this.framesReceived++
    this.lastFrameAt = now
    this.firstFrameAt ??= now
    if (this.#lastPts !== undefined) {
      const step = Math.abs(pts - this.#lastPts)
      // A slow mean that takes no step for more than twice itself: one pause must not move the stall limit.
      const usual = this.#interval ?? step
      this.#interval = usual + (Math.min(step, Math.max(2 * usual, SHORTEST)) - usual) / 16
    }
    this.#lastPts = pts
    if (!key) return
    if (this.#keyFramePts !== null) this.#gop = pts - this.#keyFramePts
    this.#keyFramePts = pts
    this.#keyFrameAt = now
  }

  /** Mean milliseconds between frames, undefined before the second one. */
  get frameInterval(): number | undefined {
    return this.#interval
  }

  figures(now: number): StreamFigures {
    const slot = this.#slot(now)
    // The second in which the stream began is not whole, and neither is this one.
    const whole = this.#second - this.#first - 1
    const begin = whole < WINDOW ? this.#first % (WINDOW + 1) : slot
    const seconds = Math.min(WINDOW, whole)
    const sum = (values: readonly number[]) =>
      values.reduce((total, value, i) => (i === slot || i === begin ? total : total + value), 0)
    return {
      fps: seconds < 1 ? null : Math.round((sum(this.#frames) / seconds) * 10) / 10,
      bitrate: seconds < 1 ? null : Math.round((sum(this.#bytes) / seconds) * 8),
      gop: this.#gop === null ? null : Math.round(this.#gop),
      keyFrameAt: this.#keyFrameAt,
    }
  }

  /** Index of the bucket of this second; buckets of seconds gone by are emptied on the way. */
  #slot(now: number): number {
    const second = Math.floor(now / 1_000)
    if (second !== this.#second) {
      if (this.#first < 0) this.#first = second
      const steps = Math.min(WINDOW + 1, second - this.#second)
      for (let i = 0; i < steps; i++) {
        const slot = (second - i) % (WINDOW + 1)
        this.#frames[slot] = 0
        this.#bytes[slot] = 0
      }
      this.#second = second
    }
    return second % (WINDOW + 1)
  }
}
