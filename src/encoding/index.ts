export { type FfmpegVersion, findFfmpeg, parseFfmpegVersion } from './ffmpeg-version.ts'
export { recordCommand, type SegmentFormat } from './record-arguments.ts'
