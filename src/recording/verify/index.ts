export { type RepairedFile, type RepairReport, repairArchive } from './repair-archive.ts'
export type { CameraVerdict, Finding, FindingKind, VerifyReport } from './types.ts'
export { type VerifyProgress, verifyArchive } from './verify-archive.ts'
