export {
  inspectSegment,
  readSegmentHeader,
  type SegmentHeader,
  type SegmentInspection,
  type SegmentTrack,
} from './inspect-segment.ts'
export { iterateSamples, type SegmentSample } from './iterate-samples.ts'
export { type Repair, repairSegment } from './repair-segment.ts'
