import { type FileHandle, open } from 'node:fs/promises'
import { systemCode } from '../../kernel/errors.ts'
import { readHead } from './journal-format.ts'
import type { JournalEntry } from './types.ts'

/** Bytes read in one call: the next call goes on. */
const CHUNK = 4 * 1024 * 1024

export interface JournalPart {
  readonly entries: readonly JournalEntry[]
  /** Where to go on reading. */
  readonly position: number
  /** Entries before the first of these are gone: the index is to be rebuilt from the archive. */
  readonly skipped: boolean
  /** Lines that could not be read: cut by a crash, or damaged. */
  readonly damaged: number
}

/**
 * Reads a worker's journal from `position` on (0 for all there is), some megabytes at most: call again while there are
 * entries. A last line without its end is left for the next time. A journal that does not exist has no entries.
 */
export async function readJournal(path: string, position: number): Promise<JournalPart> {
  for (;;) {
    const aside = await readPart(`${path}.1`, position)
    if (aside && position < aside.end && (aside.part.entries.length > 0 || aside.part.position > position)) {
      return aside.part
    }
    const current = await readPart(path, position)
    if (!current) return { entries: [], position, skipped: false, damaged: 0 }
    // Put aside between the two looks: it is `.1` now.
    if (current.base > position && aside?.end !== current.base) {
      const again = await readPart(`${path}.1`, position)
      if (again && again.end !== aside?.end && position < again.end) continue
    }
    return current.part
  }
}

async function readPart(
  path: string,
  position: number,
): Promise<{ part: JournalPart; base: number; end: number } | undefined> {
  let file: FileHandle
  try {
    file = await open(path, 'r')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
  try {
    const head = await readHead(file)
    if (!head) return undefined
    const { size } = await file.stat()
    const { base, length } = head
    // A position beyond the end belongs to a journal that was removed by hand: begin anew.
    const lost = position > base + size || (position < base && position > 0)
    const from = position < base || lost ? length : Math.max(length, position - base)
    const bytes = Buffer.alloc(Math.min(CHUNK, Math.max(0, size - from)))
    const { bytesRead } = await file.read(bytes, 0, bytes.length, from)
    const lines = bytes.subarray(0, bytesRead).lastIndexOf(0x0a) + 1
    // No line is this long: damage, to be passed over.
    const whole = lines === 0 && bytesRead === CHUNK ? CHUNK : lines
    const { entries, damaged } = parseLines(bytes.toString('utf8', 0, whole))
    return { part: { entries, position: base + from + whole, skipped: lost, damaged }, base, end: base + size }
  } finally {
    await file.close()
  }
}

function parseLines(text: string): { entries: JournalEntry[]; damaged: number } {
  const entries: JournalEntry[] = []
  let damaged = 0
  for (const line of text.split('\n')) {
    if (line === '') continue
    const entry = parseEntry(line)
    if (entry) entries.push(entry)
    else damaged++
  }
  return { entries, damaged }
}

function parseEntry(line: string): JournalEntry | undefined {
  try {
    const value = JSON.parse(line) as Partial<JournalEntry> | null
    if (typeof value?.camera !== 'string' || typeof value.start !== 'number' || typeof value.end !== 'number') {
      return undefined
    }
    if (value.type === 'gap') return typeof value.reason === 'string' ? (value as JournalEntry) : undefined
    if (value.type !== 'segment' || typeof value.path !== 'string') return undefined
    // Journals of before segments were hashed lack these.
    return { clockOffset: null, sha256: null, ...value } as JournalEntry
  } catch {
    return undefined
  }
}
