/*
 * The configuration of a site: vms.yaml. Importing this loads neither the YAML parser nor the schema library; the
 * functions that need them do, when they are called.
 */
import type { AddOptions, EditOptions, EditResult } from './edit/edit-cameras.ts'
import type { CameraEntry } from './edit/render-camera.ts'
import type { StarterOptions, StarterResult } from './starter/write-starter.ts'

export { parseCameraUrl } from './camera-url.ts'
export { checkMachine } from './check-machine.ts'
export { describeSite, showCamera, showSite } from './describe-site.ts'
export type { CameraEntry } from './edit/render-camera.ts'
export { type ConfigWarning, configInvalid, formatFault } from './faults.ts'
export { findConfig } from './find.ts'
export { parseListenAddress } from './listen-address.ts'
export { loadSiteConfig } from './load.ts'
export { networkMatcher } from './network.ts'
export type { ParsedSite } from './parse.ts'
export { describeSecret, resolveSecret } from './secret.ts'
export { parseCsv } from './starter/csv.ts'
export type { StarterOptions, StarterResult } from './starter/write-starter.ts'
export { stateDirectory } from './state-directory.ts'
export { checkStoragePath } from './storage-path.ts'
export { suggest } from './suggest.ts'
export type * from './types.ts'

/** Adds a camera or a range to the file; see edit/edit-cameras.ts. */
export async function addCamera(
  path: string | undefined,
  entry: CameraEntry,
  options: AddOptions,
): Promise<EditResult> {
  return (await import('./edit/edit-cameras.ts')).addCamera(path, entry, options)
}

/** Removes cameras from the file by id; see edit/edit-cameras.ts. */
export async function removeCameras(
  path: string | undefined,
  ids: readonly string[],
  options: EditOptions,
): Promise<EditResult> {
  return (await import('./edit/edit-cameras.ts')).removeCameras(path, ids, options)
}

/** Writes a commented first configuration; see starter/write-starter.ts. */
export async function writeStarter(options: StarterOptions): Promise<StarterResult> {
  return (await import('./starter/write-starter.ts')).writeStarter(options)
}

/** JSON Schema (draft 7) of vms.yaml, for editors. */
export async function configSchema(): Promise<Record<string, unknown>> {
  return (await import('./schema.ts')).jsonSchema()
}
