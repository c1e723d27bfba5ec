import type { MediaPlane } from '../../supervision/index.ts'
import type { SessionSource, ViewerSession } from './session-source.ts'

/** Looks for which the sessions hold of cameras whose worker does not answer: it is replaced within 45 s. */
const PATIENCE = 60

/** The sessions of our own media workers. Of cameras whose worker does not answer, those hold for a while that were there before. */
export class PlaneSessions implements SessionSource {
  readonly name = 'media workers'
  readonly #plane: MediaPlane
  #known: readonly ViewerSession[] = []
  /** Looks without an answer, by camera. */
  #silent: ReadonlyMap<string, number> = new Map()

  constructor(plane: MediaPlane) {
    this.#plane = plane
  }

  async list(): Promise<readonly ViewerSession[]> {
    const { sessions, unknown } = await this.#plane.sessions()
    const before = this.#silent
    this.#silent = new Map([...unknown].map(camera => [camera, (before.get(camera) ?? 0) + 1]))
    const holds = (camera: string) => (this.#silent.get(camera) ?? Number.POSITIVE_INFINITY) <= PATIENCE
    this.#known = [...sessions, ...this.#known.filter(({ camera }) => holds(camera))]
    return this.#known
  }

  end(id: string, reason: string): Promise<boolean> {
    return this.#plane.endSession(id, reason)
  }
}
