import type { Frame, MediaSession } from '../frame.ts'
import type { Slab } from '../memory/slab.ts'

/**
 * Something that takes the frames of a stream: recorder, gateway reader, statistics. Calls are synchronous and must return
 * at once; a reader with a queue bounds it and drops whole groups of pictures.
 */
export interface FrameReader {
  /** It does not mind a frame 200 ms late (a recorder): a stream that has only such readers is read less often. */
  readonly patient?: boolean
  /** It takes what is there and goes, as a still picture does: no reason for the stream to run, or to go on. */
  readonly passing?: boolean
  /** A session begins; every frame until the next call belongs to it. */
  session(session: MediaSession): void
  frame(frame: Frame): void
  /** The session ended (connection lost, source stopped). A new `session` may follow. */
  ended(reason: string): void
  /** It has what a reader gets that joins; what follows comes as the camera sends it. */
  joined?(): void
}

/** Frames of one track that a recorder has written, one behind the other in a file, and the way to get them back. */
export interface StoredFrames {
  /** Index into the session's tracks. */
  readonly track: number
  /** Number of the first. */
  readonly first: number
  /** Bytes of each; good during the call of `stored` only. */
  readonly samples: { readonly length: number; size(index: number): number }
  /** Byte of the file at which the first begins. */
  readonly offset: number
  /** Bytes `[start, end)` of the file, at 0 of a slab that the caller releases. Rejects with the error of the disk. */
  read(start: number, end: number): Promise<Slab>
}

/** The meeting point of one camera stream: one source in, any number of readers out. */
export interface StreamHub {
  /** The session that runs now, or undefined while there is none. */
  readonly session: MediaSession | undefined
  /** What the camera has said it will send, until a session begins with its first key frame: enough to describe the stream. */
  readonly announced: MediaSession | undefined
  /** The wanted stream cannot come now: the reason a person understands ("refused"), else undefined. */
  readonly trouble: string | undefined
  /**
   * Adds a reader. A running stream gives it the session and the frames since the last key frame: at once from memory,
   * or within milliseconds where some of them have to be read back from disk. Returns the way to leave.
   */
  subscribe(reader: FrameReader): () => void
  /**
   * Keeps the stream running without reading it. `onSession` hears of sessions that begin, `onAnnounced` of what the camera says
   * before. Returns the way to let go.
   */
  hold(onSession: (session: MediaSession) => void, onAnnounced?: (session: MediaSession) => void): () => void
}

/** Finds streams by name. */
export interface HubDirectory {
  /** Undefined when no such stream is configured in this worker. */
  find(camera: string, stream: 'main' | 'sub'): StreamHub | undefined
}
