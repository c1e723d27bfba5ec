import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { messageOf, VmsError } from '../kernel/errors.ts'

/**
 * Writes a report in one step: under its name is the whole of it, or what was there before, also when the disk is full. `mode` is
 * that of the file, less the umask. Throws VMS_E_FILE_WRITE.
 */
export async function writeReport(path: string, text: string, mode = 0o644): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.part`
  try {
    const file = await open(temporary, 'wx', mode)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {})
    throw new VmsError('VMS_E_FILE_WRITE', `${path} cannot be written: ${messageOf(error)}`, { cause: error })
  }
}
