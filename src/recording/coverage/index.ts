export { type CameraFacts, cameraAccount } from './account.ts'
export { coverageAnswer } from './answer.ts'
export { coverageCsv } from './csv.ts'
export { gapReason } from './gap-reasons.ts'
export { coverageHtml } from './html/page.ts'
export { type CoverageKind, cellState, coverageCells } from './kinds.ts'

export { type OngoingOutage, withOngoing } from './ongoing.ts'

export { type CoverageReport, coverageReport, describeGap, longestGaps } from './report.ts'
export { formatPercent, gapsOf, summarize } from './summary.ts'
