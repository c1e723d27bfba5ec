import type { Frame, MediaSession } from '../frame.ts'
import type { FrameReader, StoredFrames, StreamHub } from './hub.ts'
import { KeptGroup } from './kept-group.ts'

/** What a hub tells its source: how many want the stream. */
export type DemandListener = (readers: number) => void

interface Hold {
  readonly onSession: (session: MediaSession) => void
  readonly onAnnounced: ((session: MediaSession) => void) | undefined
}

/** The hub of one camera stream: the source publishes into it, readers subscribe. */
export class CameraStreamHub implements StreamHub {
  session: MediaSession | undefined
  announced: MediaSession | undefined
  trouble: string | undefined
  /** Nobody waits for the next frame: all readers are patient. */
  patient = true
  readonly #readers = new Set<FrameReader>()
  /** Readers for whom the group is being read back. */
  readonly #joining = new Set<FrameReader>()
  readonly #holds = new Set<Hold>()
  readonly #onDemand: DemandListener
  #group: KeptGroup | undefined

  constructor(onDemand: DemandListener = () => {}) {
    this.#onDemand = onDemand
  }

  /** Who wants the stream; not those who are only passing. */
  get readers(): number {
    const wanting = [...this.#readers, ...this.#joining].filter(reader => reader.passing !== true)
    return wanting.length + this.#holds.size
  }

  subscribe(reader: FrameReader): () => void {
    if (this.#group && !this.#group.complete) {
      if (this.#joining.size === 0) void this.#readBack(this.#group)
      this.#joining.add(reader)
    } else this.#join(reader, this.#group)
    this.#demandChanged()
    return () => {
      if (this.#readers.delete(reader) || this.#joining.delete(reader)) this.#demandChanged()
    }
  }

  hold(onSession: Hold['onSession'], onAnnounced?: Hold['onAnnounced']): () => void {
    // An object of its own: what is handed in twice is held twice.
    const hold: Hold = { onSession, onAnnounced }
    this.#holds.add(hold)
    this.#demandChanged()
    return () => {
      if (this.#holds.delete(hold)) this.#demandChanged()
    }
  }

  /** The camera has said what it will send. Undefined: it is gone, or says it anew. */
  announce(session: MediaSession | undefined): void {
    this.announced = session
    if (session) for (const hold of this.#holds) hold.onAnnounced?.(session)
  }

  /** A session begins; one that ran is over without a loss between the two. */
  begin(session: MediaSession): void {
    this.#forgetGroup()
    this.#joinAll(undefined)
    this.session = session
    this.announced = undefined
    this.trouble = undefined
    for (const reader of this.#readers) reader.session(session)
    for (const hold of this.#holds) hold.onSession(session)
  }

  /** Hands a frame to everybody. The caller keeps its own reference to the slab, and releases it afterwards. */
  publish(frame: Frame): void {
    const session = this.session
    if (!session) return
    if (frame.key && (session.video < 0 || frame.track === session.video)) {
      const before = this.#group
      this.#forgetGroup()
      this.#joinAll(undefined)
      // The one that was, where nobody else has it: it has room already.
      if (session.video >= 0) this.#group = before?.loading === false ? before : new KeptGroup()
    }
    if (this.#group?.add(frame) === false) this.#forgetGroup()
    for (const reader of this.#readers) reader.frame(frame)
  }

  /** A recorder has written frames of `session`: they need not be kept in memory. */
  stored(session: MediaSession, frames: StoredFrames): void {
    // Who joins now needs them in memory; let them stay there.
    if (session === this.session && this.#joining.size === 0) this.#group?.stored(frames)
  }

  /** The session is over: connection lost or source stopped. `reason` is for a person. */
  end(reason: string): void {
    if (!this.session) return
    this.session = undefined
    this.#forgetGroup()
    for (const reader of this.#readers) reader.ended(reason)
    this.#joinAll(undefined)
  }

  /** Those who join have their group when this resolves, or begin with what comes next where the disk does not give it back. */
  async #readBack(group: KeptGroup): Promise<void> {
    try {
      await group.load()
    } catch {
      if (group === this.#group) this.#joinAll(undefined)
      return
    }
    if (group === this.#group && group.complete) this.#joinAll(group)
  }

  #joinAll(group: KeptGroup | undefined): void {
    for (const reader of this.#joining) {
      this.#joining.delete(reader)
      this.#join(reader, group)
    }
  }

  #join(reader: FrameReader, group: KeptGroup | undefined): void {
    this.#readers.add(reader)
    if (this.session) {
      reader.session(this.session)
      group?.give(frame => reader.frame(frame))
    }
    reader.joined?.()
  }

  #demandChanged(): void {
    const readers = [...this.#readers, ...this.#joining]
    this.patient = this.#holds.size === 0 && readers.every(reader => reader.patient === true)
    this.#onDemand(this.readers)
  }

  #forgetGroup(): void {
    this.#group?.close()
    this.#group = undefined
  }
}
