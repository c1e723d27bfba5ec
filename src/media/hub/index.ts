export type { FrameReader, HubDirectory, StreamHub } from './hub.ts'
export { CameraStreamHub } from './stream-hub.ts'
