export { type ClosedSegment, closedSegment, leadingCodec } from './closed-segment.ts'
export { hashSegment } from './hash-segment.ts'
export {
  inspectSegment,
  readSegmentHeader,
  type SegmentInspection,
} from './inspect-segment.ts'
export { iterateSamples, type SegmentSample } from './iterate-samples.ts'
export { SegmentFile } from './open-segment.ts'
export { type Repair, repairSegment } from './repair-segment.ts'
export { SegmentHash } from './segment-hash.ts'
