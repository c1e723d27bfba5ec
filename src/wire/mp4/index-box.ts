import type { FragmentIndex, IndexedTrack } from './fragment-index.ts'

/**
 * Why an index at all: without one a player that reads over HTTP (Chromium) walks from fragment to fragment before it shows
 * anything, and fetches most of the file for it. An `mfra` at the end is not looked at by ffmpeg and Chromium unless asked
 * to; a `sidx` for every track in front of the fragments is. (One for video alone makes ffmpeg read all of the audio.)
 */
export const INDEX_ENTRIES = 256

const MAX_ENTRIES = 4096

const HEADER_SIZE = 40
const ENTRY_SIZE = 12

/** Bytes to keep free for the index of a file: one `sidx` a track, of at most `entries` entries. */
export function indexRoomSize(tracks: number, entries: number): number {
  return tracks * (HEADER_SIZE + ENTRY_SIZE * Math.max(1, Math.min(entries, MAX_ENTRIES)))
}

/**
 * A `free` box for what is left, and the `sidx` boxes (ISO/IEC 14496-12 section 8.16.3) of all tracks: exactly `size` bytes,
 * to stand right before the first fragment (Chromium takes no index that has another box behind it). Where the fragments are more than fit, neighbours share an entry.
 * All `free` where there is nothing to index.
 */
export function encodeIndex(index: FragmentIndex, size: number): Buffer {
  const out = Buffer.alloc(size)
  const tracks = index.tracks.filter(track => track.samples > 0)
  const fit = Math.floor((size / Math.max(1, tracks.length) - HEADER_SIZE) / ENTRY_SIZE)
  const groups = groupFragments(index, Math.min(fit, MAX_ENTRIES))
  const boxSize = groups.length === 0 ? 0 : HEADER_SIZE + ENTRY_SIZE * groups.length
  let at = size - boxSize * tracks.length
  if (at >= 8) {
    out.writeUInt32BE(at, 0)
    out.write('free', 4, 'latin1')
  }
  if (boxSize === 0) return out
  for (const track of tracks) {
    at += boxSize
    // The offset counts from the end of this box to the first fragment.
    writeIndexBox(out, at - boxSize, track, groups, size - at)
  }
  return out
}

/** Fragments `[start, end)` that share an entry. */
interface Group {
  readonly start: number
  readonly end: number
  readonly bytes: number
  readonly key: boolean
}

function groupFragments({ sizes, keys }: FragmentIndex, entries: number): Group[] {
  if (entries < 1) return []
  const step = Math.ceil(sizes.length / entries)
  const groups: Group[] = []
  for (let start = 0; start < sizes.length; start += step) {
    const end = Math.min(start + step, sizes.length)
    let bytes = 0
    for (let fragment = start; fragment < end; fragment++) bytes += sizes[fragment]!
    // An entry has 31 bits for its size: such a file has no index rather than a wrong one.
    if (bytes > 0x7fffffff) return []
    groups.push({ start, end, bytes, key: keys[start]! })
  }
  return groups
}

function writeIndexBox(
  out: Buffer,
  start: number,
  track: IndexedTrack,
  groups: readonly Group[],
  offset: number,
): void {
  const boxSize = HEADER_SIZE + ENTRY_SIZE * groups.length
  let at = out.writeUInt32BE(boxSize, start)
  at += out.write('sidx', at, 'latin1')
  at = out.writeUInt32BE(0x01000000, at)
  at = out.writeUInt32BE(track.id, at)
  at = out.writeUInt32BE(track.timescale, at)
  at = out.writeBigUInt64BE(BigInt(Math.max(0, track.earliest)), at)
  at = out.writeBigUInt64BE(BigInt(offset), at)
  at = out.writeUInt32BE(groups.length, at)
  let reached = track.first
  for (const { end, bytes, key } of groups) {
    const next = Math.max(reached, track.ends[end - 1]!)
    at = out.writeUInt32BE(bytes, at)
    at = out.writeUInt32BE(Math.min(next - reached, 0xffffffff), at)
    // starts_with_SAP, type 1: decoding begins here.
    at = out.writeUInt32BE(key ? 0x90000000 : 0, at)
    reached = next
  }
}
