import type { ViewerSession as WorkerSession } from '../../media/worker/protocol.ts'
import type { ViewerProtocol } from '../types.ts'

/** One connection of a viewer, wherever it is served. */
export interface ViewerSession extends Omit<WorkerSession, 'protocol' | 'transport'> {
  readonly protocol: ViewerProtocol
}

/** Who serves viewers and can tell of them: the media workers, and MediaMTX. */
export interface SessionSource {
  /** For messages: "media workers". */
  readonly name: string
  /** Everybody who is served now. Rejects where that cannot be told, which is not that there is nobody. */
  list(): Promise<readonly ViewerSession[]>
  /** Ends a session; false when there is none of that id. `reason` is for the log. */
  end(id: string, reason: string): Promise<boolean>
  /** How a session that is gone was ended, for the history; asked once. Undefined where it left by itself, or nobody knows. */
  howEnded?(id: string): string | undefined
}
