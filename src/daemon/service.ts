import type { LiveService } from '../streaming/index.ts'
import type { ArchiveService } from './archive-service.ts'
import type { StatusQuery } from './client.ts'
import type { LogQuery } from './log-files.ts'
import type { HealthReport, LogLine, RecordRequest, RecordResult, ReloadResult, SiteStatus } from './types.ts'

/** What the daemon can be asked; the HTTP API is a thin coat over it. */
export interface DaemonService {
  status(query: StatusQuery): Promise<SiteStatus>
  health(): HealthReport
  /** Notes that these cameras should be recorded, or not, or (null) as the configuration says, and tells their workers. */
  record(record: boolean | null, request: RecordRequest): Promise<RecordResult>
  /** Reads the configuration again. Rejects with its faults, and then everything stays as it was. */
  reload(): Promise<ReloadResult>
  /** Begins the daemon's end, and the recorders' if asked. Returns at once. */
  stop(recorders: boolean): void
  logs(query: LogQuery): LogLine[]
  readonly archive: ArchiveService
  readonly live: LiveService
}
