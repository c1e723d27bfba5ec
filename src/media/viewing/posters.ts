import type { Clock } from '../../kernel/clock.ts'
import { posterOf } from '../hls/index.ts'
import type { HubDirectory } from '../hub/index.ts'

/** Milliseconds for which a poster is the last key frame: a page with many viewers must not read the disk for each of them. */
export const POSTER_AGE = 5_000

/** The last key frames of cameras, for lists: of whichever stream runs, the smaller one first. */
export class Posters {
  readonly #directory: HubDirectory
  readonly #clock: Clock
  readonly #made = new Map<string, { readonly at: number; readonly poster: Promise<Buffer | undefined> }>()

  constructor(directory: HubDirectory, clock: Clock) {
    this.#directory = directory
    this.#clock = clock
  }

  /** An MP4 of one picture; undefined while no stream of the camera runs. */
  of(camera: string): Promise<Buffer | undefined> {
    const now = this.#clock.monotonic()
    for (const [name, { at }] of this.#made) if (now - at >= POSTER_AGE) this.#made.delete(name)
    const known = this.#made.get(camera)
    if (known) return known.poster
    const poster = this.#make(camera)
    this.#made.set(camera, { at: now, poster })
    return poster
  }

  async #make(camera: string): Promise<Buffer | undefined> {
    for (const stream of ['sub', 'main'] as const) {
      const hub = this.#directory.find(camera, stream)
      const poster = hub && (await posterOf(hub, this.#clock))
      if (poster) return poster
    }
    return undefined
  }
}
