import {
  closeSync,
  fchownSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { messageOf, systemCode, VmsError } from '../../kernel/errors.ts'
import type { Hold, HoldRelease } from '../segment-index/hold-table.ts'

/** The copy of the holds that lies with the footage: an index that is made anew from the files has them from there. */
export const HOLDS_FILE = 'holds.json'

const VERSION = 1

/**
 * The holds in the file of a storage directory; none where there is no file. Throws VMS_E_HOLDS_FILE when it cannot be read
 * or understood: what it holds would be at risk.
 */
export function readHoldsFile(storage: string): Hold[] {
  const path = join(storage, HOLDS_FILE)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw new VmsError('VMS_E_HOLDS_FILE', `${path}: ${messageOf(error)}`, { cause: error })
  }
  let value: { version?: unknown; holds?: unknown } | null
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw damaged(path, messageOf(error))
  }
  if (typeof value !== 'object' || value === null || !Array.isArray(value.holds)) throw damaged(path, 'it has no holds')
  if (value.version !== VERSION) throw damaged(path, `it is of version ${String(value.version).slice(0, 20)}`)
  return value.holds.map((entry: unknown, n) => {
    const hold = toHold(entry)
    if (!hold) throw damaged(path, `hold ${n + 1} is not complete`)
    return hold
  })
}

/** Writes the file anew, in one step that lasts through a power cut. Throws the error of the disk. */
export function writeHoldsFile(storage: string, holds: readonly Hold[]): void {
  const path = join(storage, HOLDS_FILE)
  const temporary = `${path}.${process.pid}.new`
  const text = JSON.stringify({ version: VERSION, holds: holds.map(fromHold) }, undefined, 2)
  try {
    const file = openSync(temporary, 'w', 0o640)
    try {
      writeFileSync(file, `${text}\n`)
      // A daemon of another user must be able to read what root has written.
      const { uid, gid } = statSync(storage)
      if (process.getuid?.() === 0) fchownSync(file, uid, gid)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
  const directory = openSync(storage, 'r')
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}

function damaged(path: string, why: string): VmsError {
  return new VmsError('VMS_E_HOLDS_FILE', `${path} is damaged: ${why}`, {
    hint: 'Nothing is deleted until it is mended. If the index has the holds (vmsctl archive hold list), move the file away.',
  })
}

/** Times as people read them: they may look into this file when nothing else is left. */
function fromHold({ id, camera, start, end, reason, by, at, released }: Hold): object {
  return {
    id,
    camera,
    from: iso(start),
    to: iso(end),
    reason,
    by,
    at: iso(at),
    released: released && { at: iso(released.at), by: released.by, reason: released.reason },
  }
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

type Fields = Readonly<Record<string, unknown>>

function toHold(value: unknown): Hold | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { id, camera, from, to, reason, by, at, released = null } = value as Fields
  const [start, end, added] = [time(from), time(to), time(at)]
  if (typeof id !== 'string' || id === '' || typeof camera !== 'string') return undefined
  if (start === undefined || end === undefined || !(end > start) || added === undefined) return undefined
  if (typeof reason !== 'string' || typeof by !== 'string') return undefined
  const release = toRelease(released)
  return release === undefined ? undefined : { id, camera, start, end, reason, by, at: added, released: release }
}

function toRelease(value: unknown): HoldRelease | null | undefined {
  if (value === null) return null
  if (typeof value !== 'object') return undefined
  const { at, by, reason } = value as Fields
  const released = time(at)
  if (released === undefined || typeof by !== 'string' || typeof reason !== 'string') return undefined
  return { at: released, by, reason }
}

function time(value: unknown): number | undefined {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(at) ? undefined : at
}
