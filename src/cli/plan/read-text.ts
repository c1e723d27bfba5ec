import { readFileSync } from 'node:fs'
import { systemCode, VmsError } from '../../kernel/errors.ts'

/** The text of a file. Throws VMS_E_FILE_NOT_FOUND or VMS_E_USAGE with the flag that named it. */
export function readText(path: string, flag: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = systemCode(error)
    if (code === 'ENOENT') throw new VmsError('VMS_E_FILE_NOT_FOUND', `there is no file ${path} (${flag})`)
    throw new VmsError('VMS_E_USAGE', `${path} cannot be read (${flag}): ${code ?? 'unknown'}`, { cause: error })
  }
}
