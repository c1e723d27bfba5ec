import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { messageOf, systemCode, VmsError } from '../kernel/errors.ts'
import { lineDiff } from './line-diff.ts'

export interface FileStep {
  readonly path: string
  /** `edited`: what lies there is not as we once wrote it. */
  readonly action: 'create' | 'replace' | 'keep' | 'edited'
  /** What would change, line by line; empty when nothing does or the file is new. */
  readonly diff: string
}

const SEAL = /^# Written by vmsctl \S+; checksum ([0-9a-f]{16})\. /

/** The text with a first line that lets us see later whether somebody edited the file. */
export function seal(text: string, version: string): string {
  return `# Written by vmsctl ${version}; checksum ${checksum(text)}. Changes belong into a drop-in: systemctl edit vmsctl\n${text}`
}

/** Whether this is a file that we wrote and nobody edited. */
function untouched(text: string): boolean {
  const end = text.indexOf('\n') + 1
  return SEAL.exec(text)?.[1] === checksum(text.slice(end))
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/** What writing `text` to `path` would mean. Throws VMS_E_FILE_WRITE when the file there cannot be read. */
export function planFile(path: string, text: string): FileStep {
  let found: string
  try {
    found = readFileSync(path, 'utf8')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return { path, action: 'create', diff: '' }
    throw new VmsError('VMS_E_FILE_WRITE', `${path} cannot be read: ${messageOf(error)}`, { cause: error })
  }
  // Another version that says the same is no reason to write.
  if (found.replace(SEAL, '') === text.replace(SEAL, '')) return { path, action: 'keep', diff: '' }
  return { path, action: untouched(found) ? 'replace' : 'edited', diff: lineDiff(found, text) }
}

/** Writes the file in one step. Throws VMS_E_FILE_WRITE. */
export function placeFile(path: string, text: string): void {
  const temporary = `${path}.vmsctl-new`
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(temporary, text, { mode: 0o644 })
    renameSync(temporary, path)
  } catch (error) {
    throw new VmsError('VMS_E_FILE_WRITE', `${path} cannot be written: ${messageOf(error)}`, {
      hint: 'Run it as root, or with --user for a service of your own.',
      cause: error,
    })
  }
}
