import { didYouMean } from '../config/suggest.ts'
import type { CameraConfig } from '../config/types.ts'
import { VmsError } from '../kernel/errors.ts'
import type { LiveSite } from './live-site.ts'

/** The camera of that id. Throws VMS_E_CAMERA_NOT_FOUND with the nearest name. */
export function knownCamera(site: LiveSite, id: string): CameraConfig {
  const camera = site.camera(id)
  if (camera) return camera
  const known = site.config.cameras.map(each => each.id)
  const hint = didYouMean(id, known)
  throw new VmsError(
    'VMS_E_CAMERA_NOT_FOUND',
    `no camera "${id.slice(0, 64)}" is configured`,
    hint === undefined ? {} : { hint: `${hint[0]!.toUpperCase()}${hint.slice(1)}` },
  )
}
