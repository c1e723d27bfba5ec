import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { messageOf, systemCode, VmsError } from '../kernel/errors.ts'

/**
 * Makes a state directory, and what is missing above it; only owner and group may enter it. Does nothing to one that is there.
 * Throws VMS_E_STATE_DIRECTORY. (mkdir's own `recursive` never ends where the kernel lets nobody make anything, as in /proc.)
 */
export function makeStateDirectory(dir: string): void {
  try {
    make(dir)
  } catch (cause) {
    throw new VmsError('VMS_E_STATE_DIRECTORY', `the state directory cannot be made: ${messageOf(cause)}`, {
      hint: 'Name one that you may write to with --state-dir or VMSCTL_STATE_DIR.',
      cause,
    })
  }
}

function make(dir: string): void {
  try {
    mkdirSync(dir, { mode: 0o750 })
  } catch (error) {
    const code = systemCode(error)
    if (code === 'EEXIST') return
    if (code !== 'ENOENT' || dir === dirname(dir)) throw error
    make(dirname(dir))
    mkdirSync(dir, { mode: 0o750 })
  }
}
