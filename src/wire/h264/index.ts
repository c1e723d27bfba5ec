export { H264_NAL, isH264Slice } from './nal.ts'
export { h264RecoveryPoint } from './sei.ts'
export { H264_SLICE, h264SliceType } from './slice.ts'
export {
  h264CodecString,
  h264PpsId,
  h264PpsSpsId,
  h264SpsId,
  parseH264Sps,
} from './sps.ts'
