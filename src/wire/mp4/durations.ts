import { encodeEnd } from './mark-box.ts'
import type { InitSegment, Patch, SegmentEnd } from './types.ts'

/** What players and we ourselves take for "longer than the field can say". */
const UNKNOWN_32 = 0xffffffff

/**
 * The bytes to write over an init segment when its file is closed: `mediaDurations` are ticks of each track's timescale by
 * track id. One range or none, so that one pwrite does it. `init` itself is not changed.
 */
export function patchDurations(
  init: InitSegment,
  mediaDurations: ReadonlyMap<number, number>,
  end?: SegmentEnd,
): Patch[] {
  const bytes = Buffer.from(init.bytes)
  let first = bytes.length
  let last = 0
  const touched = (from: number, to: number) => {
    first = Math.min(first, from)
    last = Math.max(last, to)
  }
  for (const { kind, trackId, offset, size } of init.durationFields) {
    const value = kind === 'media' ? (mediaDurations.get(trackId) ?? 0) : movieTicks(init, mediaDurations, trackId)
    if (size === 8) bytes.writeBigUInt64BE(BigInt(value), offset)
    else bytes.writeUInt32BE(Math.min(value, UNKNOWN_32), offset)
    touched(offset, offset + size)
    if (kind !== 'extends') continue
    // The type of the box: size, type, version and flags stand before the field.
    bytes.write('mehd', offset - 8, 'latin1')
    touched(offset - 8, offset)
  }
  if (init.end && end) {
    encodeEnd(end, init.end.size).copy(bytes, init.end.offset)
    touched(init.end.offset, init.end.offset + init.end.size)
  }
  return first < last ? [{ offset: first, bytes: bytes.subarray(first, last) }] : []
}

/** Ticks of the movie's timescale: of one track, or of the longest for track 0. */
function movieTicks(init: InitSegment, mediaDurations: ReadonlyMap<number, number>, trackId: number): number {
  let longest = 0
  for (const [id, ticks] of mediaDurations) {
    const timescale = init.timescales.get(id)
    if (timescale === undefined || timescale === 0 || (trackId !== 0 && trackId !== id)) continue
    longest = Math.max(longest, Math.round((ticks * init.movieTimescale) / timescale))
  }
  return longest
}
