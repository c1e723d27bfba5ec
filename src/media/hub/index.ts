export type { FrameReader, HubDirectory, StoredFrames, StreamHub } from './hub.ts'
export { CameraStreamHub } from './stream-hub.ts'
