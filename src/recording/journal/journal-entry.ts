import type { JournalEntry } from '../../media/recorder/index.ts'

/**
 * Whether an entry has all that its row needs. The file may have been written by a worker of another version, or hold a
 * line that a crash cut: one bad line must not keep all that follow from being read.
 */
export function isComplete(entry: JournalEntry): boolean {
  const value = entry as unknown as Record<string, unknown>
  const { type, camera, start, end } = value
  if (typeof camera !== 'string' || !isTime(start) || !isTime(end) || end < start) return false
  if (type === 'gap') return typeof value.reason === 'string'
  if (type !== 'segment' || (value.stream !== 'main' && value.stream !== 'sub')) return false
  const texts = ['session', 'path', 'codec', 'began', 'ended'].every(name => typeof value[name] === 'string')
  return texts && ['number', 'bytes', 'frames'].every(name => isCount(value[name]))
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
