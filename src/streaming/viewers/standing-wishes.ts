import type { LiveSite } from '../live-site.ts'
import type { StreamKey } from '../types.ts'
import type { KeepBook } from './keep-book.ts'

/** Something that keeps a stream up though nobody watches, or does so no more. */
export interface StandingWish extends StreamKey {
  readonly by: 'keep' | 'prewarm'
  readonly on: boolean
}

/** The stream of a camera that viewers get who name none. */
export function firstChoice(site: LiveSite, camera: string): StreamKey['stream'] {
  return site.camera(camera)?.sub === undefined ? 'main' : 'sub'
}

/** What people and the configuration keep up at `wall` (wall-clock milliseconds), for every stream of the site. */
export function* standingWishes(site: LiveSite, keeps: KeepBook, wall: number): Generator<StandingWish> {
  for (const { id: camera } of site.config.cameras) {
    for (const stream of ['main', 'sub'] as const)
      yield { camera, stream, by: 'keep', on: keeps.get({ camera, stream }) !== undefined }
    const warm = site.prewarmed(camera, wall) !== undefined
    const stream = firstChoice(site, camera)
    yield { camera, stream, by: 'prewarm', on: warm }
  }
}
