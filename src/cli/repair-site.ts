import { realpathSync } from 'node:fs'
import { isAbsolute, relative, resolve } from 'node:path'
import type { SiteConfig } from '../config/types.ts'
import { systemClock } from '../kernel/clock.ts'
import { VmsError } from '../kernel/errors.ts'
import { type Archive, listCameras, openArchive } from '../recording/index.ts'
import { type RepairReport, repairArchive } from '../recording/verify/index.ts'
import { archiveCameras } from './archive-cameras.ts'
import { stateDirOf } from './daemon-client.ts'
import { fileWriters } from './file-writers.ts'
import type { LongWorkContext } from './long-work.ts'

export interface RepairRequest {
  /** Cameras, or files; all cameras when there is none. */
  readonly named: readonly string[]
  readonly group?: string | undefined
  readonly 'dry-run': boolean
  readonly 'state-dir'?: string | undefined
}

/**
 * Repairs the archive of a site; what was closed is entered in the index, where there is one. Rejects with
 * VMS_E_STORAGE_UNAVAILABLE, VMS_E_CAMERA_NOT_FOUND, VMS_E_USAGE for a file that is elsewhere, and on Ctrl-C.
 */
export async function repairSite(
  config: SiteConfig,
  request: RepairRequest,
  { progress, signal }: LongWorkContext,
): Promise<RepairReport> {
  const clock = systemClock
  const storage = config.storage.path
  const archive = await openIndexed(config, stateDirOf(request))
  try {
    const files = request.named.filter(isFile)
    const cameras = request.named.filter(name => !isFile(name))
    if (files.length > 0 && (cameras.length > 0 || request.group !== undefined))
      throw new VmsError('VMS_E_USAGE', 'cameras and files exclude each other')
    const recorded = (await listCameras(storage)).cameras
    return await repairArchive({
      storage,
      cameras: archiveCameras(config.cameras, recorded, cameras, request.group),
      paths: files.length > 0 ? files.map(file => inStorage(storage, file)) : undefined,
      dryRun: request['dry-run'],
      beingWritten: await fileWriters(storage, request, clock),
      record: segment => void archive?.index.add([segment]),
      clock,
      signal,
      progress: (path, count) => progress(`${count} files, ${path.slice(0, path.lastIndexOf('/'))}`),
    })
  } finally {
    archive?.close()
  }
}

/** A crash may have cost the index as well: files are repaired all the same, and it is rebuilt from them. */
async function openIndexed(config: SiteConfig, stateDir: string): Promise<Archive | undefined> {
  try {
    return await openArchive({ config, stateDir, clock: systemClock })
  } catch (error) {
    const code = error instanceof VmsError ? error.code : undefined
    if (code === 'VMS_E_NO_INDEX' || code === 'VMS_E_INDEX_DAMAGED') return undefined
    throw error
  }
}

function isFile(name: string): boolean {
  return name.includes('/') || name.endsWith('.mp4')
}

/** A file's path relative to the storage; as it is typed it counts from the working directory, or from the storage. */
function inStorage(storage: string, file: string): string {
  const root = realpathSync(storage)
  for (const path of [resolve(file), resolve(root, file)]) {
    const inside = relative(root, real(path))
    if (!inside.startsWith('..') && !isAbsolute(inside)) return inside
  }
  throw new VmsError('VMS_E_USAGE', `${file} is not in the storage ${storage}`)
}

/** A file that is not there is told of later. */
function real(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
