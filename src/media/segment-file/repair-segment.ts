import { closeSegment, readAsync, scanFragment } from '../../wire/mp4/index.ts'
import { hashFragments } from './hash-segment.ts'
import { inspectionOf, inspectSegment, type SegmentInspection } from './inspect-segment.ts'
import { SegmentFile } from './open-segment.ts'
import { type Survey, survey } from './survey.ts'

export interface Repair {
  /**
   * `complete`: nothing was to be done. `repaired`: cut after the last whole fragment and closed. `empty`: no whole
   * fragment is anywhere in it; untouched, it can be deleted. `damaged`: whole fragments stand behind the damage, or it was closed
   * before it was damaged; untouched, a person should look. `foreign`: not vmsctl's recorder wrote it; untouched.
   */
  readonly outcome: 'complete' | 'repaired' | 'empty' | 'damaged' | 'foreign'
  /** Bytes that were cut off. */
  readonly removed: number
  /** What is in the file now. */
  readonly segment: SegmentInspection
}

/**
 * Closes a segment that a crash left open: cuts off the fragment that was being written, fills in durations, index and hash
 * (which takes a read of the file). Nobody may be writing to the file. Doing it twice, or being killed in the middle of it, does no harm.
 * Undefined for a file that is no segment. `dryRun`: says what would be done, and does not. Throws system errors.
 */
export async function repairSegment(path: string, { dryRun = false } = {}): Promise<Repair | undefined> {
  await using file = await SegmentFile.open(path, dryRun ? 'r' : 'r+')
  if (!file) return undefined
  const found = await survey(file)
  const segment = inspectionOf(file.init, file.size, found)
  const untouched = (outcome: Repair['outcome']): Repair => ({ outcome, removed: 0, segment })
  if (segment.mark === undefined) return untouched('foreign')
  if (segment.complete) return untouched('complete')
  if (file.init.end !== undefined) return untouched('damaged')
  if (segment.tail !== 'whole' && (await hasFragmentBehind(file, found))) return untouched('damaged')
  if (segment.fragments === 0) return untouched('empty')

  const { at } = found.end
  if (dryRun) return { outcome: 'repaired', removed: file.size - at, segment }
  await file.handle.truncate(at)
  const hash = await hashFragments(file, at)
  for (const { offset, bytes } of closeSegment(file.init, found.index, 'repaired', hash.seal)) {
    await file.handle.write(bytes, 0, bytes.length, offset)
    // The cut is on disk before the file says that it is whole.
    await file.handle.datasync()
  }
  return { outcome: 'repaired', removed: file.size - at, segment: (await inspectSegment(path)) ?? segment }
}

const SEARCH_CHUNK = 1024 * 1024

/** Places that are tried; media bytes that look like the beginning of a fragment are one in four billion. */
const MAX_CANDIDATES = 1_000

/**
 * Whether a whole, later fragment stands somewhere behind the damage: then the damage is not the end of the recording, and
 * cutting there would lose footage.
 */
async function hasFragmentBehind(file: SegmentFile, { end, lastSequence }: Survey): Promise<boolean> {
  const chunk = Buffer.allocUnsafe(SEARCH_CHUNK)
  let candidates = 0
  // One byte on, so that what is at the damage itself is not found; three bytes of overlap, for a name across two chunks.
  for (let start = end.at + 5; start < file.size; start += SEARCH_CHUNK - 3) {
    const bytes = await file.bytes.readInto(chunk, start)
    for (let at = bytes.indexOf('moof'); at >= 0; at = bytes.indexOf('moof', at + 1)) {
      if (++candidates > MAX_CANDIDATES) return true
      const step = await readAsync(scanFragment(file.init, start + at - 4, file.size), file.bytes.read)
      if (step.type === 'fragment' && step.fragment.sequence > lastSequence) return true
    }
  }
  return false
}
