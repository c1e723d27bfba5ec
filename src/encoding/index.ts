export { type FfmpegVersion, findFfmpeg, parseFfmpegVersion } from './ffmpeg-version.ts'
export { recordCommand } from './record-arguments.ts'
