import { VmsError } from '../kernel/errors.ts'
import { parseDuration } from '../kernel/units.ts'

/** Milliseconds of a flag like `--for 10m`; undefined where it was not given. Throws VMS_E_USAGE with the flag's name. */
export function readSpan(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) return undefined
  try {
    return Math.round(parseDuration(text))
  } catch (error) {
    if (!(error instanceof VmsError)) throw error
    throw new VmsError(error.code, `--${flag}: ${error.message}`, error.hint === undefined ? {} : { hint: error.hint })
  }
}
