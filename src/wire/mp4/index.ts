export { type Box, findBox, findPath, parseBoxes } from './boxes.ts'
export { closeSegment, hashedInit } from './close-segment.ts'
export { follows } from './follows.ts'
export { fragmentHeader } from './fragment-header.ts'
export { FragmentIndex, type IndexedRun } from './fragment-index.ts'
export { initSegment } from './init-segment.ts'
export { liveInit, stillHead } from './live-movie.ts'
export { pictureOf } from './picture.ts'
export { type Edit, fragmentedHead, type MovieTrack, movieHead } from './plain-movie.ts'
export type { Fragment, FragmentRun } from './read-fragment.ts'
export { type ReadInit, readInit } from './read-init.ts'
export { firstSampleEntry } from './read-sample-entry.ts'
export { RunSamples } from './run-samples.ts'
export { SampleTable } from './sample-table.ts'
export {
  type FragmentsEnd,
  readAsync,
  readSync,
  scanFragment,
  scanInit,
} from './scan.ts'
export { isQuickTime, type TrackDescription, trackDescription } from './track-description.ts'
export type * from './types.ts'
