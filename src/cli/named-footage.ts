import { randomBytes } from 'node:crypto'
import { VmsError } from '../kernel/errors.ts'
import type { Archive } from '../recording/index.ts'
import { archiveCameras } from './archive-cameras.ts'

/** Cameras that a command names: at least one, or a group. Throws VMS_E_USAGE for none, and VMS_E_CAMERA_NOT_FOUND. */
export function camerasOf(
  archive: Archive,
  { named, group }: { readonly named: readonly string[]; readonly group?: string | undefined },
): string[] {
  if (named.length === 0 && group === undefined)
    throw new VmsError('VMS_E_USAGE', 'no camera named', { hint: 'Name cameras, or --group G.' })
  return archiveCameras(archive.config.cameras, archive.cameras(), named, group)
}

/** Characters of a temporary name that nobody else uses. */
export function token(): string {
  return randomBytes(6).toString('hex')
}
