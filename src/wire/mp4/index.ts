export { patchDurations } from './durations.ts'
export { fragmentHeader, MAX_FRAGMENT_BYTES, MAX_FRAGMENT_SAMPLES } from './fragment-header.ts'
export { initSegment, leadingTrack } from './init-segment.ts'
export type * from './types.ts'
