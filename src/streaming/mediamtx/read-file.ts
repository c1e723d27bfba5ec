import { readConfigText } from '../../config/yaml.ts'
import { VmsError } from '../../kernel/errors.ts'

/** The text of a configuration file of MediaMTX. Throws VMS_E_FILE_NOT_FOUND, or VMS_E_CONFIG_INVALID for what cannot be one. */
export async function readRelayFile(path: string): Promise<string> {
  try {
    return (await readConfigText(path, path)).text
  } catch (error) {
    if (error instanceof VmsError && error.code === 'VMS_E_CONFIG_NOT_FOUND')
      throw new VmsError('VMS_E_FILE_NOT_FOUND', error.message)
    throw error
  }
}
