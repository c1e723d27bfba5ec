export { type FfmpegVersion, findFfmpeg, parseFfmpegVersion } from './ffmpeg-version.ts'
export { type RecordCommand, recordCommand } from './record-arguments.ts'
