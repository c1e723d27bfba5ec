import type { Logger } from '../../kernel/log.ts'
import type { LeftSegment } from './delete-segments.ts'

/** Files that are remembered; for how many milliseconds, since somebody may put them in order; and how many of a run are logged. */
const MOST = 100_000
const AGE = 86_400_000
const LOGGED = 20

/** Files that could not be deleted, or are not what the index says, so that they are not tried again and again. */
export class LeftFiles {
  readonly #paths = new Set<string>()
  readonly #log: Logger
  #since = 0

  constructor(log: Logger) {
    this.#log = log
  }

  get count(): number {
    return this.#paths.size
  }

  has(path: string): boolean {
    return this.#paths.has(path)
  }

  /** Forgets them when they are old, at monotonic time `at` (milliseconds). */
  age(at: number): void {
    if (at - this.#since < AGE) return
    this.#paths.clear()
    this.#since = at
  }

  /** Takes in and logs those of a run. */
  add(left: readonly LeftSegment[]): void {
    for (const { segment, why } of left.slice(0, LOGGED)) {
      const fields = { camera: segment.camera, file: segment.path, why }
      this.#log.warn(fields, 'file is not what the index says: not deleted')
    }
    if (left.length > LOGGED) this.#log.warn({ files: left.length - LOGGED }, 'and more are not what the index says')
    for (const { segment } of left) if (this.#paths.size < MOST) this.#paths.add(segment.path)
  }
}
