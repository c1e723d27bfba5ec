import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { systemCode } from '../../kernel/errors.ts'
import type { StreamRole } from '../../media/frame.ts'

/** A directory with files of a camera's stream: of one day, or the one above the days, where ffmpeg puts its segments. */
export interface ArchiveDay {
  readonly camera: string
  readonly stream: StreamRole
  /** `2026-11-24`; undefined for the one above the days. */
  readonly day: string | undefined
  /** Relative to the storage path. */
  readonly directory: string
  /** Names of all that lies in it. */
  readonly names: readonly string[]
}

const DAY = /^\d{4}-\d\d-\d\d$/
const ROLES: readonly string[] = ['main', 'sub'] satisfies StreamRole[]

/**
 * The directories of an archive that hold segments: camera by camera, day by day, oldest first. Other directories are left
 * out. Rejects with the error of the disk.
 */
export async function* archiveDays(storage: string, cameras?: ReadonlySet<string>): AsyncGenerator<ArchiveDay> {
  for (const camera of await names(storage)) {
    if (cameras && !cameras.has(camera)) continue
    for (const stream of await names(join(storage, camera))) {
      if (!ROLES.includes(stream)) continue
      const above = `${camera}/${stream}`
      const found = await names(join(storage, above))
      const of = { camera, stream: stream as StreamRole }
      yield { ...of, day: undefined, directory: above, names: found.filter(name => !DAY.test(name)) }
      for (const day of found.filter(name => DAY.test(name))) {
        const directory = `${above}/${day}`
        yield { ...of, day, directory, names: await names(join(storage, directory)) }
      }
    }
  }
}

/** Sorted; none where there is no such directory, or no directory. */
async function names(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).sort()
  } catch (error) {
    const code = systemCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return []
    throw error
  }
}
