import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf, systemCode, VmsError } from '../../kernel/errors.ts'
import { NotMountedError } from './disk-trouble.ts'
import type { RecorderFs } from './recorder-fs.ts'

/** The file that tells a storage directory from the empty mount point beneath it. */
export const MARKER_FILE = '.vmsctl-storage'

/** What stands in the marker file, as JSON. */
export interface StorageMarker {
  readonly id: string
  /** ISO 8601. */
  readonly created: string
}

function parseMarker(text: string): StorageMarker | undefined {
  try {
    const value = JSON.parse(text) as Partial<StorageMarker> | null
    if (typeof value?.id !== 'string' || value.id === '') return undefined
    return { id: value.id, created: typeof value.created === 'string' ? value.created : '' }
  } catch {
    return undefined
  }
}

/** The marker of a storage directory, or undefined where there is none. Throws VMS_E_STORAGE_UNAVAILABLE on other faults. */
export async function readMarker(path: string): Promise<StorageMarker | undefined> {
  try {
    return parseMarker(await readFile(join(path, MARKER_FILE), 'utf8'))
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw new VmsError('VMS_E_STORAGE_UNAVAILABLE', `storage path ${path}: ${messageOf(error)}`, { cause: error })
  }
}

/**
 * Makes sure that `path` is a storage directory with a marker, and gives the marker. For the first use only: afterwards a
 * missing marker means a missing mount, so a caller that knows an id hands it in as `expected` and nothing is made.
 * Throws VMS_E_STORAGE_UNAVAILABLE when the path is no directory, cannot be written, or has not the marker expected.
 */
export async function ensureStorage(path: string, created: Date, expected?: string): Promise<StorageMarker> {
  const unavailable = (message: string, cause?: unknown) =>
    new VmsError('VMS_E_STORAGE_UNAVAILABLE', `storage path ${path}: ${message}`, { cause })
  if (expected !== undefined) {
    const marker = await readMarker(path)
    if (marker?.id === expected) return marker
    throw unavailable(
      marker ? 'it holds another archive' : `its marker ${MARKER_FILE} is missing; is the disk mounted?`,
    )
  }
  try {
    await mkdir(path, { recursive: true, mode: 0o750 })
    const marker: StorageMarker = { id: randomUUID(), created: created.toISOString() }
    const file = await open(join(path, MARKER_FILE), 'wx', 0o644)
    try {
      await file.writeFile(`${JSON.stringify(marker)}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    return marker
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw unavailable(messageOf(error), error)
    const marker = await readMarker(path)
    if (marker) return marker
    throw unavailable(`${MARKER_FILE} is damaged, or the path is a file`, error)
  }
}

/** Throws NotMountedError unless `path` has the marker `id`, or the error of the disk that kept it from being read. */
export async function checkMarker(fs: RecorderFs, path: string, id: string): Promise<void> {
  let text: string
  try {
    text = await fs.read(join(path, MARKER_FILE))
  } catch (error) {
    const code = systemCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new NotMountedError(`${MARKER_FILE} is missing in ${path}`)
    throw error
  }
  const marker = parseMarker(text)
  if (marker?.id !== id) throw new NotMountedError(`${MARKER_FILE} in ${path} has another id`)
}
