import { systemCode } from '../../kernel/errors.ts'
import type { DiskWriter } from './disk-writer.ts'
import { fileName, type SegmentName } from './segment-name.ts'

/** Files that may begin in one second with one name. */
const MAX_ATTEMPTS = 1_000

/**
 * Makes a file that was not there, the directories to it, and makes both last. A name that is taken gets a suffix. Rejects
 * with the error of the disk, and with NotMountedError when the storage is not there: nothing is made then.
 */
export async function createFile(disk: DiskWriter, name: SegmentName): Promise<{ fd: number; path: string }> {
  await disk.checkMounted()
  const { fs } = disk
  const directory = disk.absolute(name.directory)
  const made = await fs.makeDirectory(directory)
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const path = `${name.directory}/${fileName(name, attempt)}`
    let fd: number
    try {
      fd = await fs.open(disk.absolute(path), 'create')
    } catch (error) {
      if (systemCode(error) === 'EEXIST') continue
      throw error
    }
    disk.claim(path)
    try {
      // The mount may have gone between the look at the marker and the opening.
      await disk.checkMounted()
      await disk.syncDirectories(directory, made)
    } catch (error) {
      await fs.close(fd).catch(() => {})
      await fs.remove(disk.absolute(path)).catch(() => disk.leaveUntidy(path, 0))
      throw error
    }
    return { fd, path }
  }
  throw Object.assign(new Error(`${name.directory}/${name.stem}: ${MAX_ATTEMPTS} files of one second`), {
    code: 'EEXIST',
  })
}

/** Writes all of `buffers` at `position`, going on where the disk takes less; gives the bytes. */
export function writeAll(
  disk: DiskWriter,
  fd: number,
  buffers: readonly Uint8Array[],
  position: number,
): Promise<number> {
  let total = 0
  for (const { length } of buffers) total += length
  // Nearly always the disk takes all at once: one promise for a write, and not one for each step of a loop.
  return disk.fs
    .writev(fd, buffers, position)
    .then(written => (written === total ? total : writeRest(disk, fd, buffers, position, total, written)))
}

async function writeRest(
  disk: DiskWriter,
  fd: number,
  buffers: readonly Uint8Array[],
  position: number,
  total: number,
  first: number,
): Promise<number> {
  let rest = buffers
  let done = 0
  for (let written = first; ; written = await disk.fs.writev(fd, rest, position + done)) {
    if (written <= 0) throw Object.assign(new Error('nothing was written'), { code: 'EIO' })
    done += written
    if (done >= total) return total
    rest = remainder(rest, written)
  }
}

function remainder(buffers: readonly Uint8Array[], written: number): Uint8Array[] {
  let skip = written
  let index = 0
  while (skip >= buffers[index]!.length) skip -= buffers[index++]!.length
  return [buffers[index]!.subarray(skip), ...buffers.slice(index + 1)]
}
