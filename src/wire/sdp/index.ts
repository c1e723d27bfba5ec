export { SDP_LIMITS, type SessionDescription } from './description.ts'
export { parseSdp } from './parse.ts'
export { type DescribedTrack, writeSdp } from './write.ts'
