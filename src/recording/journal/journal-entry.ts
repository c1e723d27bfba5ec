import type { JournalEntry } from '../../media/recorder/index.ts'

/** Milliseconds since the epoch beyond which there are no dates (ECMA-262, section 21.4.1.1). */
const LAST = 8.64e15
/** Bytes, and frames, that no file of a segment has (ext4 ends at 16 TiB): sums of millions of them stay whole numbers. */
const MOST = 2 ** 44

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
  const { clockOffset = null, sha256 = null } = value
  if (clockOffset !== null && !(typeof clockOffset === 'number' && Math.abs(clockOffset) <= LAST)) return false
  if (sha256 !== null && !(typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256))) return false
  const texts = ['session', 'path', 'codec', 'began', 'ended'].every(name => typeof value[name] === 'string')
  const sizes = ['bytes', 'frames'].every(name => isCount(value[name]) && (value[name] as number) <= MOST)
  return texts && sizes && isCount(value.number)
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= LAST
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
