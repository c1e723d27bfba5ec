export { type CameraFacts, cameraAccount } from './account.ts'
export { gapReason } from './gap-reasons.ts'
export { recordedTime } from './recorded.ts'
export { formatPercent, gapsOf, summarize } from './summary.ts'
