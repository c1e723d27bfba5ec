import type { MediaPlane } from '../../supervision/index.ts'
import type { SessionSource, ViewerSession } from './session-source.ts'

/** The sessions of our own media workers. Of cameras whose worker does not answer, those hold that were there before. */
export class PlaneSessions implements SessionSource {
  readonly name = 'media workers'
  readonly #plane: MediaPlane
  #known: readonly ViewerSession[] = []

  constructor(plane: MediaPlane) {
    this.#plane = plane
  }

  async list(): Promise<readonly ViewerSession[]> {
    const { sessions, unknown } = await this.#plane.sessions()
    this.#known = [...sessions, ...this.#known.filter(({ camera }) => unknown.has(camera))]
    return this.#known
  }

  end(id: string, reason: string): Promise<boolean> {
    return this.#plane.endSession(id, reason)
  }
}
