export { HlsStreams } from './hls-streams.ts'
export type { HlsRefusal, LiveStream } from './live-stream.ts'
export type { Playlist } from './live-window.ts'
export { posterOf } from './poster.ts'
