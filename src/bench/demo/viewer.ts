import type { Clock } from '../../kernel/clock.ts'
import { readerContext, StreamReader } from '../stream-reader.ts'

/** Somebody who watches a camera through the gateway: an RTSP client of its own, which counts what it gets. */
export class GatewayViewer {
  readonly url: string
  /** Milliseconds from the beginning to the first key frame; undefined until it is there. */
  joined: number | undefined
  frames = 0
  /** Milliseconds of the longest wait between two frames. */
  longestPause = 0
  readonly #reader: StreamReader

  constructor(url: string, clock: Clock, random: () => number) {
    this.url = url
    const begun = clock.monotonic()
    let last: number | undefined
    this.#reader = new StreamReader(url, readerContext(clock, random, true), () => {
      const now = clock.monotonic()
      this.frames++
      // A session begins with a key frame: the first frame is one.
      this.joined ??= now - begun
      if (last !== undefined) this.longestPause = Math.max(this.longestPause, now - last)
      last = now
    })
  }

  get reconnects(): number {
    return this.#reader.reconnects
  }

  leave(): void {
    this.#reader.leave()
  }
}
