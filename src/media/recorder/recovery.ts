import type { Logger } from '../../kernel/log.ts'
import type { StreamRole } from '../frame.ts'
import type { DiskWriter } from './disk-writer.ts'
import type { LossLedger } from './loss-ledger.ts'
export async function prepareRecording(_options: {
  camera: string
  stream: StreamRole
  disk: DiskWriter
  ledger: LossLedger
  log: Logger
  resume: boolean
}): Promise<{ resumed: boolean }> {
  return { resumed: false }
}
