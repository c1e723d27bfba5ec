import { messageOf } from '../../kernel/errors.ts'
import type { RetentionFs } from './retention-fs.ts'

/** Why nothing may be deleted or written at `storage` now; null where its marker has the id. Any marker will do for undefined. */
export async function storageTrouble(place: {
  readonly fs: RetentionFs
  readonly storage: string
  readonly storageId: string | undefined
}): Promise<string | null> {
  const { fs, storage, storageId } = place
  try {
    const id = await fs.storageId(storage)
    if (id === undefined) return `the marker of the storage is missing in ${storage}: is the disk mounted?`
    return storageId === undefined || id === storageId ? null : `${storage} holds another archive`
  } catch (error) {
    return messageOf(error)
  }
}
