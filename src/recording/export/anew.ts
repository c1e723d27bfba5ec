import { VmsError } from '../../kernel/errors.ts'
import { SourceChangedError } from './copy-media.ts'

/** Times that something is laid out anew because retention took a segment from under it. */
const TRIES = 5

/** Does `work` again when a segment is removed or changed under it. Throws VMS_E_FOOTAGE_DAMAGED when that does not end. */
export async function anewWhenChanged<T>(work: () => Promise<T>): Promise<T> {
  for (let left = TRIES; ; left--) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof SourceChangedError)) throw error
      if (left > 1) continue
      throw new VmsError('VMS_E_FOOTAGE_DAMAGED', `${error.message} while it was exported`, { cause: error })
    }
  }
}
