import type { FragmentIndex } from './fragment-index.ts'
import { encodeIndex } from './index-box.ts'
import { BLANK_HASH, encodeEnd, hashPlace } from './mark-box.ts'
import type { ReadInit } from './read-init.ts'
import type { InitSegment, Patch, SegmentEnd } from './types.ts'

/** Size and type of a box. */
const BOX_HEADER = 8

/** What players and we ourselves take for "longer than the field can say". */
const UNKNOWN_32 = 0xffffffff

/**
 * The bytes to write over the init segment of a file that is being closed: first durations and index, then the header that shows the
 * index, then its end, which makes it a closed file. A file that shall never say more than it holds, and always be readable, is
 * synced behind each of them.
 * `init` itself is not changed. Files without fragments get durations of 0 and no index.
 * `seal`: gives the hash of the file (SegmentEnd.sha256) from the init segment as it will be, its own digits being zeros;
 * without it the file says no hash.
 */
export function closeSegment(
  init: InitSegment,
  index: FragmentIndex,
  reason: string,
  seal?: (init: Uint8Array) => string,
): Patch[] {
  const durations = index.durations()
  const lead = index.lead
  const end: SegmentEnd = {
    duration: durations.get(lead?.id ?? 0) ?? 0,
    reason,
    frames: lead?.samples ?? 0,
    sha256: seal ? BLANK_HASH : null,
  }
  const bytes = Buffer.from(init.bytes)
  let first = bytes.length
  let last = 0
  const touched = (offset: number, size: number) => {
    first = Math.min(first, offset)
    last = Math.max(last, offset + size)
  }
  for (const { kind, trackId, offset, size } of init.durationFields) {
    const value = kind === 'media' ? (durations.get(trackId) ?? 0) : movieTicks(init, durations, trackId)
    if (size === 8) bytes.writeBigUInt64BE(BigInt(value), offset)
    else bytes.writeUInt32BE(Math.min(value, UNKNOWN_32), offset)
    touched(offset, size)
    if (kind !== 'extends') continue
    // The type of the box: size, type, version and flags stand before the field.
    bytes.write('mehd', offset - 8, 'latin1')
    touched(offset - 8, 8)
  }
  if (init.endRoom) {
    encodeEnd(end, init.endRoom.size).copy(bytes, init.endRoom.offset)
  }
  if (init.indexRoom) {
    encodeIndex(index, init.indexRoom.size).copy(bytes, init.indexRoom.offset)
    touched(init.indexRoom.offset, init.indexRoom.size)
  }
  const place = seal && init.endRoom && hashPlace(bytes, init.endRoom)
  if (place !== undefined) bytes.write(seal!(bytes), place, 'latin1')
  const patches: Patch[] = first < last ? [{ offset: first, bytes: Buffer.from(bytes.subarray(first, last)) }] : []
  if (init.indexRoom) {
    // The index lies within the box that keeps its room free until this header lets it be seen: torn before, it does no harm.
    const { offset } = init.indexRoom
    init.bytes.copy(patches[0]!.bytes, offset - first, offset, offset + BOX_HEADER)
    patches.push({ offset, bytes: bytes.subarray(offset, offset + BOX_HEADER) })
  }
  if (init.endRoom) {
    const { offset, size } = init.endRoom
    patches.push({ offset, bytes: bytes.subarray(offset, offset + size) })
  }
  return patches
}

/** The init segment of a closed file as it was hashed: zeros for the digits. Undefined where the file says no hash. */
export function hashedInit({ bytes, endRoom, end }: ReadInit): Buffer | undefined {
  const place = end?.sha256 && endRoom ? hashPlace(bytes, endRoom) : undefined
  if (place === undefined) return undefined
  const blank = Buffer.from(bytes)
  blank.write(BLANK_HASH, place, 'latin1')
  return blank
}

/** Ticks of the movie's timescale, of media durations by track id: of one track, or of the longest for track 0. */
function movieTicks(init: InitSegment, durations: ReadonlyMap<number, number>, trackId: number): number {
  let longest = 0
  for (const [id, ticks] of durations) {
    const timescale = init.timescales.get(id)
    if (timescale === undefined || timescale === 0 || (trackId !== 0 && trackId !== id)) continue
    longest = Math.max(longest, Math.round((ticks * init.movieTimescale) / timescale))
  }
  return longest
}
