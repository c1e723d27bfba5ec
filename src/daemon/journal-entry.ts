import type { JournalEntry } from '../media/recorder/types.ts'

/** One line of a worker's journal as an entry; undefined for half a line, or one of another version. */
export function parseJournalEntry(line: string): JournalEntry | undefined {
  let value: Partial<Record<string, unknown>> | null
  try {
    value = JSON.parse(line) as typeof value
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const { type, camera, start, end } = value
  if (typeof camera !== 'string' || !isTime(start) || !isTime(end) || end < start) return undefined
  if (type === 'gap')
    return typeof value.reason === 'string' ? { type, camera, start, end, reason: value.reason } : undefined
  if (type !== 'segment') return undefined
  const texts = ['session', 'path', 'codec', 'began', 'ended'].every(name => typeof value[name] === 'string')
  const counts = ['number', 'bytes', 'frames'].every(
    name => Number.isSafeInteger(value[name]) && (value[name] as number) >= 0,
  )
  if (!texts || !counts || (value.stream !== 'main' && value.stream !== 'sub')) return undefined
  return value as unknown as JournalEntry
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}
