export { FfmpegRecorder } from './ffmpeg-recorder.ts'
