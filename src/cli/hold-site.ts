import { randomInt } from 'node:crypto'
import type { SiteConfig } from '../config/types.ts'
import { sleep, systemClock } from '../kernel/clock.ts'
import { VmsError } from '../kernel/errors.ts'
import { timeOrderedId } from '../kernel/ids.ts'
import { addHold, type HoldAdded, releaseHold } from '../recording/retention/index.ts'
import type { Hold } from '../recording/segment-index/hold-table.ts'
import { archiveCameras } from './archive-cameras.ts'
import { spanOf } from './archive-span.ts'
import { holdPlaces } from './retention-site.ts'
import { withArchive } from './with-archive.ts'

/** Milliseconds after which an unlink that was under way when the hold came has ended. */
const SETTLING = 500

export interface HoldRequest {
  readonly camera: string
  readonly from: string
  readonly to: string
  readonly reason: string
  readonly by: string
}

/** Holds footage of a camera. Rejects with VMS_E_USAGE and VMS_E_CAMERA_NOT_FOUND, and as `openArchive` does. */
export function holdFootage(config: SiteConfig, stateDir: string, request: HoldRequest): Promise<HoldAdded> {
  return withArchive(config, stateDir, async archive => {
    const now = Math.round(systemClock.wall())
    const [camera] = archiveCameras(config.cameras, archive.cameras(), [request.camera], undefined)
    const span = spanOf(request, { now, timezone: config.site.timezone })
    const id = timeOrderedId(now, () => randomInt(2 ** 32) / 2 ** 32)
    const { by } = request
    const reason = reasonOf(request.reason)
    const hold = { id, camera: camera!, ...span, reason, by, at: now, released: null }
    return addHold(holdPlaces(archive), hold, () => sleep(systemClock, SETTLING))
  })
}

/** Ends a hold. Rejects with VMS_E_HOLD_NOT_FOUND, and as `openArchive` does. */
export function endHold(
  config: SiteConfig,
  stateDir: string,
  request: { readonly id: string; readonly reason: string; readonly by: string },
): ReturnType<typeof releaseHold> {
  return withArchive(config, stateDir, archive => {
    const release = { at: Math.round(systemClock.wall()), by: request.by, reason: reasonOf(request.reason) }
    return releaseHold(holdPlaces(archive), request.id, release)
  })
}

/** The holds in force; with `all` those too that were released. */
export function listHolds(config: SiteConfig, stateDir: string, all: boolean): Promise<Hold[]> {
  return withArchive(config, stateDir, async archive =>
    archive.index.holds.all().filter(({ released }) => all || released === null),
  )
}

function reasonOf(text: string): string {
  const reason = text.trim()
  if (reason === '') throw new VmsError('VMS_E_USAGE', '--reason is empty: say what somebody reads in a year')
  return reason
}
