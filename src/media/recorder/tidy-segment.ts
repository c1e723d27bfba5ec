import { systemCode } from '../../kernel/errors.ts'
import { type Repair, repairSegment } from '../segment-file/index.ts'
import type { DiskWriter } from './disk-writer.ts'

/**
 * Puts a segment of ours that nobody writes any more in order: cut behind its first `keep` bytes, which are whole fragments,
 * and closed; or removed when `keep` is 0. What is behind them may have been written again, to another file. `path` is
 * relative to the storage path. Undefined when it is gone. Rejects with the error of the disk.
 */
export async function tidySegment(
  disk: Pick<DiskWriter, 'absolute' | 'fs'>,
  path: string,
  keep: number,
): Promise<Repair | undefined> {
  const { fs } = disk
  const file = disk.absolute(path)
  try {
    if (keep === 0) {
      await fs.remove(file)
      return undefined
    }
    const fd = await fs.open(file, 'existing')
    try {
      const { size } = await fs.facts(fd)
      if (size > keep) await fs.truncate(fd, keep)
    } finally {
      await fs.close(fd)
    }
  } catch (error) {
    // Somebody has removed it.
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
  return repairOrRemove(disk, path)
}

/**
 * Closes a segment that a crash left open behind its last whole fragment, or removes it when it has none. Rejects with the
 * error of the disk.
 */
export async function repairOrRemove(
  disk: Pick<DiskWriter, 'absolute' | 'fs'>,
  path: string,
): Promise<Repair | undefined> {
  const repair = await repairSegment(disk.absolute(path))
  if (repair && repair.outcome !== 'empty') return repair
  await disk.fs.remove(disk.absolute(path))
  return undefined
}
