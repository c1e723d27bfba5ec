import { extname } from 'node:path'
import { boolean, string } from '@oclif/core/flags'
import { VmsError } from '../kernel/errors.ts'

export type ReportFormat = 'csv' | 'md' | 'html'

const WORDS: Readonly<Record<ReportFormat, string>> = {
  csv: 'one line a figure',
  md: 'Markdown',
  html: 'one page with charts that can be printed, and needs nothing else',
}

/** Flags of commands whose answer can be handed on, in these formats. */
export function reportFlags<const F extends ReportFormat>(formats: readonly F[]) {
  const flag = (format: F) =>
    boolean({ description: WORDS[format], exclusive: formats.filter(other => other !== format), helpGroup: 'REPORT' })
  return {
    ...(Object.fromEntries(formats.map(format => [format, flag(format)])) as Record<F, ReturnType<typeof flag>>),
    output: string({
      char: 'o',
      description: 'write to this file instead of standard output; its ending says in which format, where no flag does',
      helpGroup: 'REPORT',
    }),
  }
}

export interface ReportRequest {
  readonly csv?: boolean
  readonly md?: boolean
  readonly html?: boolean
  readonly output?: string | undefined
}

/** The format that was asked for; undefined for what a terminal shows. Throws VMS_E_USAGE for an ending that is none of `formats`. */
export function reportFormat(flags: ReportRequest, formats: readonly ReportFormat[]): ReportFormat | undefined {
  const said = formats.find(format => flags[format] === true)
  if (said !== undefined || flags.output === undefined) return said
  const ending = extname(flags.output).slice(1).toLowerCase()
  if (ending === '' || ending === 'txt' || ending === 'json') return undefined
  const known = formats.find(format => format === ending)
  if (known !== undefined) return known
  throw new VmsError('VMS_E_USAGE', `--output: no report is written as .${ending.slice(0, 20)}`, {
    hint: `Name the file .${formats.join(', .')}, .json or .txt, or say --${formats.join(' or --')}.`,
  })
}
