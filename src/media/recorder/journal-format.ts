import { type FileHandle, open } from 'node:fs/promises'
import { systemCode } from '../../kernel/errors.ts'

/** First line of a journal. */
export interface JournalHead {
  /** Position of the file's first byte, counted over all journals since the first. */
  readonly base: number
}

const MAX_HEAD = 256

export function journalHead({ base }: JournalHead): string {
  return `${JSON.stringify({ type: 'journal', version: 1, base })}\n`
}

/** The first line of an open journal; undefined when it is not one of ours, or cut. */
export async function readHead(file: FileHandle): Promise<(JournalHead & { readonly length: number }) | undefined> {
  const bytes = Buffer.alloc(MAX_HEAD)
  const { bytesRead } = await file.read(bytes, 0, MAX_HEAD, 0)
  const end = bytes.subarray(0, bytesRead).indexOf(0x0a)
  if (end < 0) return undefined
  try {
    const value = JSON.parse(bytes.toString('utf8', 0, end)) as { type?: unknown; version?: unknown; base?: unknown }
    const { base } = value
    if (value.type !== 'journal' || value.version !== 1) return undefined
    return typeof base === 'number' && Number.isSafeInteger(base) && base >= 0 ? { base, length: end + 1 } : undefined
  } catch {
    return undefined
  }
}

/** Where the journal that was put aside lies in the count of positions; undefined when there is none. */
export async function previousJournal(path: string): Promise<{ base: number; size: number } | undefined> {
  let file: FileHandle
  try {
    file = await open(`${path}.1`, 'r')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
  try {
    const head = await readHead(file)
    return head && { base: head.base, size: (await file.stat()).size }
  } finally {
    await file.close()
  }
}
