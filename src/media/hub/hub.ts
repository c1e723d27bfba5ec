import type { Frame, MediaSession } from '../frame.ts'

/**
 * Something that takes the frames of a stream: recorder, gateway reader, statistics. Calls are synchronous and must return
 * at once; a reader with a queue bounds it and drops whole groups of pictures.
 */
export interface FrameReader {
  /** A session begins; every frame until the next call belongs to it. */
  session(session: MediaSession): void
  frame(frame: Frame): void
  /** The session ended (connection lost, source stopped). A new `session` may follow. */
  ended(reason: string): void
}

/** The meeting point of one camera stream: one source in, any number of readers out. */
export interface StreamHub {
  /** The session that runs now, or undefined while there is none. */
  readonly session: MediaSession | undefined
  /** The wanted stream cannot come now: the reason a person understands ("refused"), else undefined. */
  readonly trouble: string | undefined
  /**
   * Adds a reader. A running stream gives it the session and the frames since the last key frame at once, from memory.
   * Returns the way to leave.
   */
  subscribe(reader: FrameReader): () => void
}

/** Finds streams by name. `demand` counts the caller as a reader to be: it starts an on-demand stream. */
export interface HubDirectory {
  /** Undefined when no such stream is configured in this worker. */
  find(camera: string, stream: 'main' | 'sub'): StreamHub | undefined
}
