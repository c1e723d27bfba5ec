import type { CameraConfig } from '../config/types.ts'
import { selectCameras } from '../daemon/select-cameras.ts'

/**
 * The cameras of an archive that arguments and flags mean: those of the site, and those of which there is footage only; all when
 * none is named. Throws VMS_E_CAMERA_NOT_FOUND with the nearest name, and VMS_E_USAGE when they are named in two ways.
 */
export function archiveCameras(
  configured: readonly Pick<CameraConfig, 'id' | 'group'>[],
  recorded: readonly string[],
  named: readonly string[],
  group: string | undefined,
): string[] {
  const known = new Set(configured.map(({ id }) => id))
  const former = recorded.filter(id => !known.has(id)).map(id => ({ id, group: undefined }))
  const all = named.length === 0 && group === undefined
  return selectCameras([...configured, ...former], {
    ...(named.length > 0 ? { cameras: named } : {}),
    all,
    ...(group === undefined ? {} : { group }),
  })
}
