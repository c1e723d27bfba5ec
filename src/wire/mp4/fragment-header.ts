import { VmsError } from '../../kernel/errors.ts'
import type { RunSamples } from './run-samples.ts'
import type { Mp4Run } from './types.ts'

/** Samples a fragment may have; its header stays below 1 MiB, which is what our reader takes. */
const MAX_FRAGMENT_SAMPLES = 60_000

/** Bytes of media a fragment may have: offsets in it are signed 32-bit numbers. */
const MAX_FRAGMENT_BYTES = 0x7ff00000

/** Sample flags (ISO/IEC 14496-12 section 8.8.3.1): depends on no other; depends on others and is no sync sample. */
const KEY_FLAGS = 0x02000000
const NON_KEY_FLAGS = 0x01010000

const TFHD_DEFAULT_DURATION = 0x08
const TFHD_DEFAULT_SIZE = 0x10
const TFHD_DEFAULT_FLAGS = 0x20
const TFHD_DEFAULT_BASE_IS_MOOF = 0x020000

const TRUN_DATA_OFFSET = 0x01
const TRUN_FIRST_FLAGS = 0x04
const TRUN_DURATION = 0x100
const TRUN_SIZE = 0x200
const TRUN_FLAGS = 0x400
const TRUN_COMPOSITION = 0x800

/**
 * `moof` and the header of `mdat` (ISO/IEC 14496-12 section 8.8): what stands before the samples of a fragment. The samples
 * follow run after run, in order, with nothing between. What all samples of a run share is told once.
 * `sequence` counts the fragments of a file from 1. A track has at most one run.
 * Throws VMS_E_BUG above the limits of a fragment.
 */
export function fragmentHeader(sequence: number, runs: readonly Mp4Run[]): Buffer {
  let size = 8 + 16
  let data = 0
  let samples = 0
  const layouts = new Array<number>(runs.length)
  for (let index = 0; index < runs.length; index++) {
    const run = runs[index]!
    const layout = runLayout(run)
    layouts[index] = layout
    size += trackSize(layout, run.samples.length)
    samples += run.samples.length
    for (let sample = 0; sample < run.samples.length; sample++) data += run.samples.size(sample)
  }
  if (samples > MAX_FRAGMENT_SAMPLES || data > MAX_FRAGMENT_BYTES) {
    throw new VmsError('VMS_E_BUG', `a fragment of ${samples} samples and ${data} bytes`)
  }
  const out = Buffer.allocUnsafe(size + 8)
  let at = boxHeader(out, 0, size, MOOF)
  at = boxHeader(out, at, 16, MFHD)
  at = word(out, at, 0)
  at = word(out, at, sequence)
  let offset = size + 8
  for (let index = 0; index < runs.length; index++) {
    const run = runs[index]!
    at = trackFragment(out, at, run, layouts[index]!, offset)
    for (let sample = 0; sample < run.samples.length; sample++) offset += run.samples.size(sample)
  }
  boxHeader(out, at, data + 8, MDAT)
  return out
}

const MOOF = 0x6d6f6f66
const MFHD = 0x6d666864
const TRAF = 0x74726166
const TFHD = 0x74666864
const TFDT = 0x74666474
const TRUN = 0x7472756e
const MDAT = 0x6d646174

/** Flags of the `trun` that says all of a run and repeats nothing. */
function runLayout({ samples }: Mp4Run): number {
  let layout = TRUN_DATA_OFFSET
  if (samples.length === 0) return layout
  const size = samples.size(0)
  const duration = samples.duration(0)
  const usual = usualKey(samples)
  // Samples without bytes are told one by one: nothing else in the file bounds their number for a reader.
  if (size === 0) layout |= TRUN_SIZE
  for (let index = 0; index < samples.length; index++) {
    if (samples.duration(index) !== duration) layout |= TRUN_DURATION
    if (samples.size(index) !== size) layout |= TRUN_SIZE
    if (samples.compositionOffset(index) !== 0) layout |= TRUN_COMPOSITION
    if (index > 0 && samples.key(index) !== usual) layout |= TRUN_FLAGS
  }
  if ((layout & TRUN_FLAGS) === 0 && samples.key(0) !== usual) layout |= TRUN_FIRST_FLAGS
  return layout
}

/** Whether the samples behind the first are key frames, where they are all alike. */
function usualKey(samples: RunSamples): boolean {
  return samples.length === 0 || samples.key(Math.min(1, samples.length - 1))
}

/** Bytes that a sample takes in a `trun`. */
function entrySize(layout: number): number {
  let size = 0
  for (let bits = (layout >> 8) & 0xf; bits !== 0; bits &= bits - 1) size += 4
  return size
}

function trackHeaderSize(layout: number): number {
  return 16 + (layout & TRUN_DURATION ? 0 : 4) + (layout & TRUN_SIZE ? 0 : 4) + (layout & TRUN_FLAGS ? 0 : 4)
}

function runSize(layout: number, samples: number): number {
  return 20 + (layout & TRUN_FIRST_FLAGS ? 4 : 0) + entrySize(layout) * samples
}

function trackSize(layout: number, samples: number): number {
  return 8 + trackHeaderSize(layout) + 20 + runSize(layout, samples)
}

function trackFragment(out: Buffer, start: number, run: Mp4Run, layout: number, dataOffset: number): number {
  const { samples } = run
  let at = boxHeader(out, start, trackSize(layout, samples.length), TRAF)

  at = boxHeader(out, at, trackHeaderSize(layout), TFHD)
  let defaults = TFHD_DEFAULT_BASE_IS_MOOF
  if (!(layout & TRUN_DURATION)) defaults |= TFHD_DEFAULT_DURATION
  if (!(layout & TRUN_SIZE)) defaults |= TFHD_DEFAULT_SIZE
  if (!(layout & TRUN_FLAGS)) defaults |= TFHD_DEFAULT_FLAGS
  at = word(out, at, defaults)
  at = word(out, at, run.trackId)
  if (defaults & TFHD_DEFAULT_DURATION) at = word(out, at, samples.length > 0 ? samples.duration(0) : 0)
  if (defaults & TFHD_DEFAULT_SIZE) at = word(out, at, samples.length > 0 ? samples.size(0) : 0)
  if (defaults & TFHD_DEFAULT_FLAGS) at = word(out, at, sampleFlags(usualKey(samples)))

  at = boxHeader(out, at, 20, TFDT)
  at = word(out, at, 0x01000000)
  at = word(out, at, Math.floor(run.decodeTime / 2 ** 32))
  at = word(out, at, run.decodeTime % 2 ** 32)

  at = boxHeader(out, at, runSize(layout, samples.length), TRUN)
  at = word(out, at, 0x01000000 | layout)
  at = word(out, at, samples.length)
  at = word(out, at, dataOffset)
  if (layout & TRUN_FIRST_FLAGS) at = word(out, at, sampleFlags(samples.key(0)))
  for (let index = 0; index < samples.length; index++) {
    if (layout & TRUN_DURATION) at = word(out, at, samples.duration(index))
    if (layout & TRUN_SIZE) at = word(out, at, samples.size(index))
    if (layout & TRUN_FLAGS) at = word(out, at, sampleFlags(samples.key(index)))
    if (layout & TRUN_COMPOSITION) at = word(out, at, samples.compositionOffset(index))
  }
  return at
}

function sampleFlags(key: boolean): number {
  return key ? KEY_FLAGS : NON_KEY_FLAGS
}

function boxHeader(out: Buffer, at: number, size: number, type: number): number {
  return word(out, word(out, at, size), type)
}

/** The low 32 bits of `value`, signed or not. */
function word(out: Buffer, at: number, value: number): number {
  out[at] = value >>> 24
  out[at + 1] = value >>> 16
  out[at + 2] = value >>> 8
  out[at + 3] = value
  return at + 4
}
