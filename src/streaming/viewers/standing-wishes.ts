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

/** Whether the configuration has the stream. */
export function isConfigured(site: LiveSite, { camera, stream }: StreamKey): boolean {
  const config = site.camera(camera)
  return config !== undefined && (stream === 'main' || config.sub !== undefined)
}

/** What people and the configuration keep up at `wall` (wall-clock milliseconds), for every stream of the site's cameras. */
export function* standingWishes(site: LiveSite, keeps: KeepBook, wall: number): Generator<StandingWish> {
  for (const { id: camera } of site.config.cameras) {
    const warm = site.prewarmed(camera, wall) !== undefined
    for (const stream of ['main', 'sub'] as const) {
      const key = { camera, stream }
      yield { ...key, by: 'keep', on: keeps.get(key) !== undefined && isConfigured(site, key) }
      yield { ...key, by: 'prewarm', on: warm && stream === firstChoice(site, camera) }
    }
  }
}
