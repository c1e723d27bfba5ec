import type { StoredFrames } from '../hub/index.ts'
import type { Slab } from '../memory/slab.ts'
import type { DiskWriter } from './disk-writer.ts'
import type { Fragment } from './fragment.ts'

/**
 * The frames of a fragment that has been written, as they lie in the file: run by run, from byte `offset` on. By its path and not
 * by a descriptor: a descriptor's number means another file once this one is closed, while a path is never used twice.
 */
export function storedRuns(disk: DiskWriter, fragment: Fragment, path: string, offset: number): StoredFrames[] {
  const read = (start: number, end: number) => readBack(disk, path, start, end)
  const stored: StoredFrames[] = []
  let at = offset
  for (const { track, first, samples, bytes, unbroken } of fragment.runs) {
    if (unbroken && samples.length > 0) stored.push({ track, first, samples, offset: at, read })
    at += bytes
  }
  return stored
}

async function readBack(disk: DiskWriter, path: string, start: number, end: number): Promise<Slab> {
  const slab = disk.pool.take(end - start)
  try {
    const bytes = await disk.fs.readAt(disk.absolute(path), slab.bytes.subarray(0, end - start), start)
    if (bytes < end - start) throw new Error(`${path} ends before byte ${end}`)
    return slab
  } catch (error) {
    slab.release()
    throw error
  }
}
