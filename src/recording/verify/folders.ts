import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { systemCode } from '../../kernel/errors.ts'
import type { StreamRole } from '../../media/frame.ts'
import { MARKER_FILE } from '../../media/recorder/index.ts'

const STREAMS: readonly StreamRole[] = ['main', 'sub']
const DAY = /^\d{4}-\d\d-\d\d$/
const OUR_NAME = /(?:^|\/)\d{8}(?:T\d{6}Z|_\d{6})(?:-\d{1,4})?\.mp4$/
/** Where engine ffmpeg notes what it has begun, and what it writes in its place. */
const NOTES = /^\.open-segments\.json(\.new)?$/

/** The folders of one stream that hold segments. */
export interface StreamFolders {
  readonly stream: StreamRole
  /** Relative to the storage path, in order of days; the stream's own folder first where engine ffmpeg has put files there. */
  readonly folders: readonly string[]
}

/** What lies in the storage path: folders of cameras, and what is none. Rejects with the error of the disk. */
export async function listCameras(storage: string): Promise<{ cameras: string[]; foreign: string[] }> {
  const cameras: string[] = []
  const foreign: string[] = []
  for (const entry of await list(storage)) {
    const { name } = entry
    if (name === MARKER_FILE) continue
    const streams = entry.isDirectory() ? await list(join(storage, name)).catch(() => []) : []
    if (streams.some(isStream)) cameras.push(name)
    else foreign.push(entry.isDirectory() ? `${name}/` : name)
  }
  return { cameras, foreign }
}

/** The folders of a camera, and what else lies beside them. Rejects with the error of the disk. */
export async function listCamera(
  storage: string,
  camera: string,
): Promise<{ streams: StreamFolders[]; foreign: string[] }> {
  const foreign: string[] = []
  const streams: StreamFolders[] = []
  for (const entry of await list(join(storage, camera))) {
    if (!isStream(entry)) {
      foreign.push(`${camera}/${entry.name}`)
      continue
    }
    const root = `${camera}/${entry.name}`
    const entries = await list(join(storage, root))
    const folders = entries.filter(isDay).map(({ name }) => `${root}/${name}`)
    if (entries.some(isFilm)) folders.unshift(root)
    streams.push({ stream: entry.name as StreamRole, folders })
    for (const other of entries) {
      if (!isDay(other) && !isFilm(other) && !NOTES.test(other.name)) foreign.push(`${root}/${other.name}`)
    }
  }
  return { streams, foreign }
}

/** Names in a folder that may be segments, and what else lies there; both relative to the storage path. */
export async function listFolder(storage: string, folder: string): Promise<{ paths: string[]; foreign: string[] }> {
  const paths: string[] = []
  const foreign: string[] = []
  // A stream's own folder holds days as well; listCamera has looked at those.
  const day = folder.split('/').length > 2
  for (const entry of await list(join(storage, folder))) {
    if (isFilm(entry)) paths.push(`${folder}/${entry.name}`)
    else if (day) foreign.push(`${folder}/${entry.name}`)
  }
  return { paths, foreign }
}

/** Whether a file has a name as the recorder gives them, whatever is in it. */
export function hasSegmentName(path: string): boolean {
  return OUR_NAME.test(path)
}

function isStream(entry: Dirent): boolean {
  return entry.isDirectory() && (STREAMS as readonly string[]).includes(entry.name)
}

function isDay(entry: Dirent): boolean {
  return entry.isDirectory() && DAY.test(entry.name)
}

function isFilm({ name }: Dirent): boolean {
  return name.endsWith('.mp4') && !name.startsWith('.')
}

/** Sorted by name; nothing where there is no such folder. */
async function list(path: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true })
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw error
  }
}
