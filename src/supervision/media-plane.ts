import type { AccessRules } from '../access/index.ts'
import type { StreamRole } from '../media/frame.ts'
import type { OpenedStream, StreamRef, ViewerSession } from '../media/worker/protocol.ts'

/** @public Who watches, as far as the workers say. */
export interface LiveSessions {
  readonly sessions: readonly ViewerSession[]
  /** Cameras whose worker did not answer: of their viewers nothing is known, which is not that there are none. */
  readonly unknown: ReadonlySet<string>
}

/** @public The streams of all workers of this node, as those see them who decide what is up. Routes by camera. */
export interface MediaPlane {
  /**
   * The whole set of streams that are wanted up from now on. Workers are told soon, and again after they were restarted or
   * adopted; nothing is told before the first call.
   */
  hold(streams: readonly StreamRef[]): void
  /**
   * Waits until a stream plays, 10 s at most, also for a worker that is just being restarted. Rejects with
   * VMS_E_CAMERA_NOT_FOUND, or VMS_E_REMOTE whose message is the reason; VMS_E_INTERRUPTED when `signal` aborts first. It
   * does not hold the stream beyond that.
   */
  open(camera: string, stream: StreamRole, signal: AbortSignal): Promise<OpenedStream>
  /** Everybody who watches now. Never rejects. */
  sessions(): Promise<LiveSessions>
  /** Ends a session; false when no worker has it. */
  endSession(id: string, reason: string): Promise<boolean>
  /** Which tokens hold from now on. */
  access(rules: AccessRules): void
}
