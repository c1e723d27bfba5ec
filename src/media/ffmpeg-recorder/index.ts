export { FfmpegRecorder, type FfmpegRecorderOptions } from './ffmpeg-recorder.ts'
