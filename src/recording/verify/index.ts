export { type RepairedFile, type RepairReport, repairArchive } from './repair-archive.ts'
export type { CameraVerdict, FindingKind, VerifyReport } from './types.ts'
export { verifyArchive } from './verify-archive.ts'
