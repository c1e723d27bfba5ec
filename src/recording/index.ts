export { type Interval, uncovered, unwanted, type WishChange } from './intervals.ts'
export { JournalReader } from './journal/journal-reader.ts'
export { openIndex } from './segment-index/open-index.ts'
export { type CameraTotal, SegmentIndex } from './segment-index/segment-index.ts'
