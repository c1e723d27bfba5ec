import { systemCode } from '../../kernel/errors.ts'
import { type Repair, repairSegment } from '../segment-file/index.ts'
import type { DiskWriter } from './disk-writer.ts'

/**
 * Puts a segment of ours that nobody writes any more in order: closes it behind its last whole fragment, or removes it when
 * it has none. `path` is relative to the storage path. Rejects with the error of the disk.
 */
export async function repairOrRemove(
  disk: Pick<DiskWriter, 'absolute' | 'fs'>,
  path: string,
): Promise<Pick<Repair, 'outcome'> & Partial<Repair>> {
  const file = disk.absolute(path)
  let repair: Repair | undefined
  try {
    repair = await repairSegment(file)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return { outcome: 'empty' }
    throw error
  }
  if (repair && repair.outcome !== 'empty') return repair
  await disk.fs.remove(file)
  return { outcome: 'empty' }
}
