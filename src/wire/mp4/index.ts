export { type Box, findBox, findPath, parseBoxes } from './boxes.ts'
export { closeSegment, patchDurations } from './durations.ts'
export { follows } from './follows.ts'
export { fragmentHeader, MAX_FRAGMENT_BYTES, MAX_FRAGMENT_SAMPLES } from './fragment-header.ts'
export { FragmentIndex, type IndexedRun } from './fragment-index.ts'
export { initSegment, leadingTrack } from './init-segment.ts'
export { type Fragment, type FragmentRun, readFragment } from './read-fragment.ts'
export { type ReadInit, type ReadTrack, readInit } from './read-init.ts'
export { firstSampleEntry, type SampleEntry } from './read-sample-entry.ts'
export {
  type ByteRange,
  type FragmentStep,
  type FragmentsEnd,
  readAsync,
  readSync,
  type Steps,
  scanFragment,
  scanInit,
} from './scan.ts'
export type * from './types.ts'
