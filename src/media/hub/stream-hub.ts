import type { Frame, MediaSession } from '../frame.ts'
import type { FrameReader, StreamHub } from './hub.ts'

/** Bytes of the last group of pictures that are kept for readers who join; a camera with a longer one makes them wait. */
export const GROUP_LIMIT = 16 * 1024 * 1024

/** What a hub tells its source: how many want the stream. */
export type DemandListener = (readers: number) => void

/** The hub of one camera stream: the source publishes into it, readers subscribe. */
export class CameraStreamHub implements StreamHub {
  session: MediaSession | undefined
  trouble: string | undefined
  readonly #readers = new Set<FrameReader>()
  readonly #onDemand: DemandListener
  /** Frames since the last key frame of the video, all tracks, in order of arrival; each retained. */
  #group: Frame[] = []
  #groupBytes = 0
  #groupOpen = false

  constructor(onDemand: DemandListener = () => {}) {
    this.#onDemand = onDemand
  }

  get readers(): number {
    return this.#readers.size
  }

  subscribe(reader: FrameReader): () => void {
    this.#readers.add(reader)
    if (this.session) {
      reader.session(this.session)
      for (const frame of this.#group) reader.frame(frame)
    }
    this.#onDemand(this.#readers.size)
    return () => {
      if (this.#readers.delete(reader)) this.#onDemand(this.#readers.size)
    }
  }

  /** A session begins; one that ran is over without a loss between the two. */
  begin(session: MediaSession): void {
    this.#forgetGroup()
    this.session = session
    this.trouble = undefined
    for (const reader of this.#readers) reader.session(session)
  }

  /** Hands a frame to everybody. The caller keeps its own reference to the slab, and releases it afterwards. */
  publish(frame: Frame): void {
    const session = this.session
    if (!session) return
    if (session.video < 0 || frame.track === session.video) {
      if (frame.key) {
        this.#forgetGroup()
        this.#groupOpen = session.video >= 0
      }
    }
    if (this.#groupOpen) this.#remember(frame)
    for (const reader of this.#readers) reader.frame(frame)
  }

  /** The session is over: connection lost or source stopped. `reason` is for a person. */
  end(reason: string): void {
    if (!this.session) return
    this.session = undefined
    this.#forgetGroup()
    for (const reader of this.#readers) reader.ended(reason)
  }

  #remember(frame: Frame): void {
    const size = frame.end - frame.start
    if (this.#groupBytes + size > GROUP_LIMIT) return this.#forgetGroup()
    frame.slab.retain()
    this.#group.push(frame)
    this.#groupBytes += size
  }

  #forgetGroup(): void {
    for (const frame of this.#group) frame.slab.release()
    this.#group = []
    this.#groupBytes = 0
    this.#groupOpen = false
  }
}
