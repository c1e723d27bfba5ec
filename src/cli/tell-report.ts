import { extname } from 'node:path'
import { type ReportFormat, type ReportRequest, reportFormat } from './report-flags.ts'

/** A report in each of its formats; only the one that is asked for is made. `screen` is what a terminal shows, `answer` one line of it. */
export interface Report {
  readonly formats: Partial<Readonly<Record<ReportFormat, () => string | Promise<string>>>>
  readonly screen: (to: 'terminal' | 'file') => string | Promise<string>
  readonly answer: string
  /** What --json prints. */
  readonly json: unknown
}

/** What is to be printed: the report, or with `--output` what became of it. Rejects with VMS_E_USAGE and VMS_E_FILE_WRITE. */
export async function tellReport(report: Report, flags: ReportRequest & { json: boolean }): Promise<string> {
  const format = reportFormat(flags, Object.keys(report.formats) as ReportFormat[])
  const { output } = flags
  const asJson = flags.json || (format === undefined && extname(output ?? '').toLowerCase() === '.json')
  if (flags.json && output === undefined) return ''
  const text = async () => {
    if (asJson) return JSON.stringify(report.json, null, 2)
    return format === undefined ? report.screen(output === undefined ? 'terminal' : 'file') : report.formats[format]!()
  }
  const made = await text()
  if (output === undefined) return made.trimEnd()
  const { writeReport } = await import('../report/write-report.ts')
  await writeReport(output, made.endsWith('\n') ? made : `${made}\n`)
  return report.answer
}
