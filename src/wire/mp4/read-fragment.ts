import { type Box, findBox, parseBoxes, uint32, uint64 } from './boxes.ts'
import type { ReadInit, ReadTrack, SampleDefaults } from './read-init.ts'

/** The samples of one track in a fragment, as columns: sample `i` is `sizes[i]` bytes at `offsets[i]` of the file. */
export interface FragmentRun {
  readonly trackId: number
  /** Decode time of the first sample, ticks since the file's start. */
  readonly decodeTime: number
  /** Sum of `durations`. */
  readonly duration: number
  readonly count: number
  readonly offsets: Float64Array
  readonly sizes: Uint32Array
  readonly durations: Uint32Array
  readonly compositionOffsets: Int32Array
  /** 1 where a decoder can start. */
  readonly keys: Uint8Array
}

/** One whole fragment of a file: `moof` and `mdat`, `[start, end)`. */
export interface Fragment {
  readonly start: number
  readonly end: number
  readonly sequence: number
  readonly runs: readonly FragmentRun[]
}

/** Bytes of a `moof` that a reader accepts. */
export const MAX_MOOF = 1024 * 1024

/** Samples of a fragment that a reader accepts, over all tracks. */
const MAX_SAMPLES = 2 ** 18

/** Decode times above this could not be added up exactly. */
const MAX_DECODE_TIME = 2 ** 52

const NON_SYNC = 0x10000

/**
 * Reads a fragment from the bytes of its `moof`. `start` is where the `moof` stands in the file, `data` the content of the
 * `mdat` behind it: all samples must lie in it, and may not be more bytes than it has, so that the work is bounded by the
 * bytes of the file whatever the header claims. Undefined for a header that is damaged or contradicts that. Runs of
 * tracks that `init` does not know are left out.
 */
export function readFragment(
  moof: Uint8Array,
  init: Pick<ReadInit, 'tracks'>,
  start: number,
  data: { readonly start: number; readonly end: number },
): Omit<Fragment, 'end'> | undefined {
  const box: Box = {
    type: 'moof',
    start: 0,
    content: moof.length >= 8 && uint32(moof, 0) === 1 ? 16 : 8,
    end: moof.length,
  }
  const header = findBox(moof, 'mfhd', box.content, box.end)
  if (!header || header.end - header.content < 8) return undefined
  const budget: Budget = { bytes: data.end - data.start, samples: MAX_SAMPLES, at: start, data }
  const runs: FragmentRun[] = []
  for (const traf of parseBoxes(moof, box.content, box.end)) {
    if (traf.type !== 'traf') continue
    const run = readTrackFragment(moof, traf, init.tracks, start, budget)
    if (run === undefined) return undefined
    if (run) runs.push(run)
  }
  return { start, sequence: uint32(moof, header.content + 4), runs }
}

/** What is left for the tracks still to come. */
interface Budget {
  /** Bytes of media. */
  bytes: number
  samples: number
  /** Where samples lie when nothing says it: behind those of the track before. */
  at: number
  readonly data: { readonly start: number; readonly end: number }
}

interface TrackHeader {
  readonly track: ReadTrack | undefined
  readonly base: number
  readonly defaults: SampleDefaults
}

/** Null for a track that is not known. */
function readTrackFragment(
  moof: Uint8Array,
  traf: Box,
  tracks: readonly ReadTrack[],
  start: number,
  budget: Budget,
): FragmentRun | null | undefined {
  const header = readTrackHeader(moof, traf, tracks, start, budget.at)
  if (!header) return undefined
  const decodeTime = readDecodeTime(moof, traf)
  if (decodeTime === undefined) return undefined
  const truns: Run[] = []
  let count = 0
  for (const box of parseBoxes(moof, traf.content, traf.end)) {
    if (box.type !== 'trun') continue
    const trun = readRunHeader(moof, box, header.defaults, budget)
    if (!trun) return undefined
    truns.push(trun)
    count += trun.count
    budget.samples -= trun.count
    if (budget.samples < 0) return undefined
  }
  if (!header.track) return null
  return readSamples(moof, header, truns, { trackId: header.track.id, decodeTime, count }, budget)
}

/** `tfhd`, ISO/IEC 14496-12 section 8.8.7. */
function readTrackHeader(
  moof: Uint8Array,
  traf: Box,
  tracks: readonly ReadTrack[],
  start: number,
  previousEnd: number,
): TrackHeader | undefined {
  const box = findBox(moof, 'tfhd', traf.content, traf.end)
  if (!box || box.end - box.content < 8) return undefined
  const flags = uint32(moof, box.content)
  const id = uint32(moof, box.content + 4)
  const track = tracks.find(track => track.id === id)
  const fallback = track?.defaults ?? { duration: 0, size: 0, flags: 0 }
  let at = box.content + 8
  const optional = (flag: number, size: number) => {
    if (!(flags & flag)) return -1
    at += size
    return at - size
  }
  const baseAt = optional(0x01, 8)
  optional(0x02, 4) // sample description
  const durationAt = optional(0x08, 4)
  const sizeAt = optional(0x10, 4)
  const flagsAt = optional(0x20, 4)
  if (at > box.end) return undefined
  const implied = flags & 0x020000 ? start : previousEnd
  return {
    track,
    base: baseAt < 0 ? implied : uint64(moof, baseAt),
    defaults: {
      duration: durationAt < 0 ? fallback.duration : uint32(moof, durationAt),
      size: sizeAt < 0 ? fallback.size : uint32(moof, sizeAt),
      flags: flagsAt < 0 ? fallback.flags : uint32(moof, flagsAt),
    },
  }
}

/** `tfdt`, ISO/IEC 14496-12 section 8.8.12. */
function readDecodeTime(moof: Uint8Array, traf: Box): number | undefined {
  const box = findBox(moof, 'tfdt', traf.content, traf.end)
  if (!box) return undefined
  const long = moof[box.content] === 1
  if (box.end - box.content < (long ? 12 : 8)) return undefined
  const time = long ? uint64(moof, box.content + 4) : uint32(moof, box.content + 4)
  return time > MAX_DECODE_TIME ? undefined : time
}

/** Where a `trun` keeps what. */
interface Run {
  readonly count: number
  /** Relative to the base; undefined: behind the run before. */
  readonly dataOffset: number | undefined
  readonly flags: number
  readonly firstFlags: number | undefined
  /** Offset of the first entry. */
  readonly entries: number
}

/** `trun`, ISO/IEC 14496-12 section 8.8.8. */
function readRunHeader(moof: Uint8Array, box: Box, defaults: SampleDefaults, budget: Budget): Run | undefined {
  if (box.end - box.content < 8) return undefined
  const flags = uint32(moof, box.content) & 0xffffff
  const count = uint32(moof, box.content + 4)
  let at = box.content + 8
  const dataOffset = flags & 0x01 ? uint32(moof, at) | 0 : undefined
  if (flags & 0x01) at += 4
  const firstFlags = flags & 0x04 ? uint32(moof, at) : undefined
  if (flags & 0x04) at += 4
  let entry = 0
  for (let bits = (flags >> 8) & 0xf; bits !== 0; bits &= bits - 1) entry += 4
  if (at + entry * count > box.end) return undefined
  // Samples that all have the size of the default cost the header nothing: their bytes must be there instead.
  if (!(flags & 0x200)) {
    if (defaults.size === 0 && entry === 0 && count > 0) return undefined
    if (defaults.size * count > budget.bytes) return undefined
    budget.bytes -= defaults.size * count
  }
  return { count, dataOffset, flags, firstFlags, entries: at }
}

function readSamples(
  moof: Uint8Array,
  { base, defaults }: TrackHeader,
  truns: readonly Run[],
  { trackId, decodeTime, count }: { trackId: number; decodeTime: number; count: number },
  budget: Budget,
): FragmentRun | undefined {
  const offsets = new Float64Array(count)
  const sizes = new Uint32Array(count)
  const durations = new Uint32Array(count)
  const compositionOffsets = new Int32Array(count)
  const keys = new Uint8Array(count)
  let duration = 0
  let index = 0
  let offset = base
  for (const trun of truns) {
    if (trun.dataOffset !== undefined) offset = base + trun.dataOffset
    if (trun.count > 0 && offset < budget.data.start) return undefined
    let at = trun.entries
    for (let left = trun.count; left > 0; left--, index++) {
      let sampleFlags = left === trun.count && trun.firstFlags !== undefined ? trun.firstFlags : defaults.flags
      durations[index] = defaults.duration
      sizes[index] = defaults.size
      if (trun.flags & 0x100) {
        durations[index] = uint32(moof, at)
        at += 4
      }
      if (trun.flags & 0x200) {
        sizes[index] = uint32(moof, at)
        at += 4
        budget.bytes -= sizes[index]!
      }
      if (trun.flags & 0x400) {
        sampleFlags = uint32(moof, at)
        at += 4
      }
      if (trun.flags & 0x800) {
        compositionOffsets[index] = uint32(moof, at)
        at += 4
      }
      keys[index] = sampleFlags & NON_SYNC ? 0 : 1
      offsets[index] = offset
      offset += sizes[index]!
      duration += durations[index]!
    }
    if (trun.count > 0 && (offset > budget.data.end || budget.bytes < 0)) return undefined
  }
  budget.at = offset
  return { trackId, decodeTime, duration, count, offsets, sizes, durations, compositionOffsets, keys }
}
