import { join } from 'node:path'
import { messageOf, VmsError } from '../../kernel/errors.ts'
import type { Hold } from '../segment-index/hold-table.ts'
import type { SegmentIndex } from '../segment-index/segment-index.ts'
import type { Interval, Segment } from '../types.ts'
import { readHoldsFile, writeHoldsFile } from './holds-file.ts'
import { fileAtPath } from './own-file.ts'
import type { RetentionFs } from './retention-fs.ts'
import { storageTrouble } from './storage-trouble.ts'

/** Where the holds are kept: in the index, and beside the footage. */
export interface HoldPlaces {
  readonly index: SegmentIndex
  readonly storage: string
  /** Id that the marker of the storage must have. */
  readonly storageId: string | undefined
  readonly fs: RetentionFs
}

/** What became of a request to hold footage. */
export interface HoldAdded {
  readonly hold: Hold
  /** Closed segments that it holds. */
  readonly segments: number
  readonly bytes: number
  /** What of its span is gone already, and why. */
  readonly gone: readonly (Interval & { readonly reason: string })[]
  /** What of its span was being deleted when it came, and is lost. */
  readonly beingDeleted: readonly Interval[]
  /** Why it is not in the file beside the footage; null when it is. It is in force all the same. */
  readonly fileTrouble: string | null
}

/**
 * Makes index and file say the same: what one has and the other lacks is put in, and a release in one releases in both. Call
 * it before anything is deleted. Throws VMS_E_HOLDS_FILE for a file that is damaged, VMS_E_STORAGE_UNAVAILABLE when the storage is
 * not there.
 */
export async function syncHolds(places: HoldPlaces): Promise<void> {
  const trouble = await storageTrouble(places)
  if (trouble !== null) throw new VmsError('VMS_E_STORAGE_UNAVAILABLE', trouble)
  readHoldsFile(places.storage)
  change(places, () => [])
}

/**
 * Holds footage, at once, whatever the storage says: what keeps it from being in the file is told. What was marked for deletion
 * before is held too, but for a file that is being unlinked in this very moment: `settle` is awaited before that is looked at.
 */
export async function addHold(places: HoldPlaces, hold: Hold, settle = async () => {}): Promise<HoldAdded> {
  const { index } = places
  const fileTrouble = await changeBoth(places, () => [hold])
  const { camera } = hold
  if (index.doomed.within(camera, hold).length > 0) await settle()
  const marked = index.doomed.within(camera, hold)
  const isLost = await Promise.all(marked.map(segment => isGone(places, segment)))
  const lost = marked.filter((_, n) => isLost[n])
  const lostPaths = new Set(lost.map(({ path }) => path))
  const segments = (['main', 'sub'] as const).flatMap(role => index.segments(camera, hold, role))
  const held = segments.filter(({ path }) => !lostPaths.has(path))
  return {
    hold,
    segments: held.length,
    bytes: held.reduce((sum, { bytes }) => sum + bytes, 0),
    gone: index.removed(camera, hold),
    beingDeleted: lost.map(({ start, end }) => ({ start, end })),
    fileTrouble,
  }
}

/** Whether the file of a segment is gone for certain: its disk is there, and the file is not. */
async function isGone(places: HoldPlaces, segment: Segment): Promise<boolean> {
  const { fs, storage } = places
  const found = await fileAtPath(fs, join(storage, segment.path), segment).catch(() => undefined)
  return found?.kind === 'gone' && (await storageTrouble(places)) === null
}

/** Ends a hold. Throws VMS_E_HOLD_NOT_FOUND for one that is not there, VMS_E_USAGE for one that is released already. */
export async function releaseHold(
  places: HoldPlaces,
  id: string,
  release: NonNullable<Hold['released']>,
): Promise<{ readonly hold: Hold; readonly fileTrouble: string | null }> {
  let hold: Hold | undefined
  const fileTrouble = await changeBoth(places, holds => {
    const found = holds.find(one => one.id === id)
    if (!found) throw new VmsError('VMS_E_HOLD_NOT_FOUND', `there is no hold ${id.slice(0, 40)}`)
    if (found.released) throw new VmsError('VMS_E_USAGE', `hold ${id} was released by ${found.released.by} already`)
    hold = { ...found, released: release }
    return [hold]
  })
  return { hold: hold!, fileTrouble }
}

/** Changes index and file, or where the storage is not there the index alone; gives why. */
async function changeBoth(
  places: HoldPlaces,
  make: (holds: readonly Hold[]) => readonly Hold[],
): Promise<string | null> {
  const trouble = await storageTrouble(places)
  if (trouble === null) return change(places, make)
  places.index.holds.change(make)
  return trouble
}

/**
 * One at a time, across processes: the file is read and written while the index is locked. It is written first, so that
 * nothing is in force that the file does not know, unless the disk refuses. A damaged file is left for people to see.
 */
function change({ index, storage }: HoldPlaces, make: (holds: readonly Hold[]) => readonly Hold[]): string | null {
  let fileTrouble: string | null = null
  index.holds.change(known => {
    let inFile: Hold[] = []
    try {
      inFile = readHoldsFile(storage)
    } catch (error) {
      fileTrouble = messageOf(error)
    }
    const merged = new Map(known.map(hold => [hold.id, hold]))
    for (const hold of inFile) if (!merged.get(hold.id)?.released) merged.set(hold.id, keepRelease(hold, merged))
    for (const hold of make([...merged.values()])) merged.set(hold.id, hold)
    const all = [...merged.values()]
    if (fileTrouble === null && JSON.stringify(all) !== JSON.stringify(inFile)) {
      try {
        writeHoldsFile(storage, all)
      } catch (error) {
        fileTrouble = messageOf(error)
      }
    }
    return all
  })
  return fileTrouble
}

function keepRelease(hold: Hold, known: ReadonlyMap<string, Hold>): Hold {
  return { ...hold, released: hold.released ?? known.get(hold.id)?.released ?? null }
}
