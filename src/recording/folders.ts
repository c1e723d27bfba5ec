import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { systemCode } from '../kernel/errors.ts'
import type { StreamRole } from '../media/frame.ts'
import { MARKER_FILE } from '../media/recorder/index.ts'

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

/** A folder that holds segments of a camera's stream. */
export interface ArchiveFolder {
  readonly camera: string
  readonly stream: StreamRole
  /** Relative to the storage path. */
  readonly folder: string
}

/**
 * The folders of an archive that hold segments: camera by camera, day by day, oldest first. All cameras that lie in the storage when
 * none are named. Rejects with the error of the disk, also when the storage itself is not there.
 */
export async function* archiveFolders(storage: string, cameras?: readonly string[]): AsyncGenerator<ArchiveFolder> {
  for (const camera of cameras ?? (await listCameras(storage)).cameras) {
    for (const { stream, folders } of (await listCamera(storage, camera)).streams) {
      for (const folder of folders) yield { camera, stream, folder }
    }
  }
}

/**
 * What lies in the storage path: folders of cameras, and what is none. Rejects with the error of the disk, also when the storage itself
 * is not there: it is no empty archive.
 */
export async function listCameras(storage: string): Promise<{ cameras: string[]; foreign: string[] }> {
  const cameras: string[] = []
  const foreign: string[] = []
  for (const { name, directory } of await read(storage)) {
    if (name === MARKER_FILE) continue
    const streams = directory ? await list(join(storage, name)).catch(() => []) : []
    if (streams.some(isStream)) cameras.push(name)
    else foreign.push(directory ? `${name}/` : name)
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
  const day = dayOf(folder) !== undefined
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

/** The day of a folder, `2026-11-24`; undefined for a stream's own, where engine ffmpeg puts its segments. */
export function dayOf(folder: string): string | undefined {
  const name = folder.slice(folder.lastIndexOf('/') + 1)
  return DAY.test(name) ? name : undefined
}

interface Entry {
  readonly name: string
  readonly directory: boolean
}

function isStream({ name, directory }: Entry): boolean {
  return directory && (STREAMS as readonly string[]).includes(name)
}

function isDay({ name, directory }: Entry): boolean {
  return directory && DAY.test(name)
}

function isFilm({ name }: Entry): boolean {
  return name.endsWith('.mp4') && !name.startsWith('.')
}

/** As {@link read}; nothing where there is no such folder. */
async function list(path: string): Promise<Entry[]> {
  try {
    return await read(path)
  } catch (error) {
    const code = systemCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return []
    throw error
  }
}

/** Sorted by name. A link to a folder is one: a camera's footage may lie on a disk of its own. */
async function read(path: string): Promise<Entry[]> {
  const found = await readdir(path, { withFileTypes: true })
  const entries = found.map(async entry => {
    const { name } = entry
    return { name, directory: entry.isSymbolicLink() ? await isDirectory(join(path, name)) : entry.isDirectory() }
  })
  return (await Promise.all(entries)).sort((a, b) => (a.name < b.name ? -1 : 1))
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    facts => facts.isDirectory(),
    () => false,
  )
}
