import { boolean, string } from '@oclif/core/flags'
import { archiveArgs, archiveFlags } from '../../src/cli/archive-flags.ts'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { stateDirOf } from '../../src/cli/daemon-client.ts'
import { loadSite } from '../../src/cli/load-site.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { EXIT_CODES, VmsError } from '../../src/kernel/errors.ts'
import type { CoverageReport } from '../../src/recording/coverage/index.ts'

export default class ArchiveCoverage extends BaseCommand {
  static override summary = 'Show what of the time is recorded, and why the rest is not'
  static override description =
    'A strip for each camera, its percentage of the time in which it was wanted, and the longest gaps with their reasons. Time that nobody wanted, and what has expired by retention, does not count against a camera.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> gate-1 --from "yesterday 14:00" --to "yesterday 16:00"',
    '<%= config.bin %> <%= command.id %> --group outside --from monday --html -o coverage.html',
    '<%= config.bin %> <%= command.id %> --from -1h --fail-under 99.9 --quiet',
  ]
  static override strict = false
  static override args = archiveArgs
  static override flags = {
    ...archiveFlags,
    'fail-under': string({ description: 'exit with 8 when a camera has less than this percentage' }),
    csv: boolean({ description: 'one line a piece: camera, start, end, seconds, state, detail' }),
    html: boolean({
      description: 'one page that can be zoomed and printed, and needs nothing else',
      exclusive: ['csv'],
    }),
    output: string({ char: 'o', description: 'write to this file instead of standard output' }),
  }

  async run(): Promise<unknown> {
    const { flags, argv } = await this.parse(ArchiveCoverage)
    const limit = percentage(flags['fail-under'])
    const { config } = await loadSite({ config: flags.config, quiet: flags.quiet || this.jsonEnabled() })
    const { readCoverage } = await import('../../src/cli/read-coverage.ts')
    const { interruptible } = await import('../../src/cli/long-work.ts')
    const report = await interruptible(signal =>
      readCoverage(config, stateDirOf(flags), argv as string[], flags, systemClock, signal),
    )
    const below = report.cameras.filter(({ percent }) => limit !== undefined && percent !== null && percent < limit)
    if (below.length > 0) this.fail(EXIT_CODES.check)
    if (!this.jsonEnabled()) await this.#tell(report, flags)
    if (below.length > 0 && !this.jsonEnabled()) {
      const names = below.map(({ camera }) => camera).join(', ')
      process.stderr.write(`under ${limit} %: ${names}\n`)
    }
    const { jsonCoverage } = await import('../../src/cli/read-coverage.ts')
    return jsonCoverage(report, below)
  }

  async #tell(report: CoverageReport, flags: { csv: boolean; html: boolean; output?: string | undefined }) {
    const text = await this.#render(report, flags)
    if (flags.output === undefined) return this.result(text.trimEnd())
    const { writeReport } = await import('../../src/report/index.ts')
    await writeReport(flags.output, text)
    const { coverageAnswer } = await import('../../src/recording/coverage/index.ts')
    this.result(coverageAnswer(report))
  }

  async #render(report: CoverageReport, flags: { csv: boolean; html: boolean; output?: string | undefined }) {
    const { coverageCsv, coverageHtml } = await import('../../src/recording/coverage/index.ts')
    if (flags.csv) return coverageCsv(report)
    if (flags.html) return coverageHtml(report, systemClock.wall())
    const { renderCoverage } = await import('../../src/cli/coverage-view.ts')
    const { paletteFor, PLAIN } = await import('../../src/cli/palette.ts')
    const { stdout } = process
    if (flags.output !== undefined)
      return `${renderCoverage(report, { palette: PLAIN, columns: 100, blocks: false })}\n`
    const palette = await paletteFor(stdout, process.env)
    return renderCoverage(report, { palette, columns: stdout.columns, blocks: stdout.isTTY === true })
  }
}

function percentage(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text.replace(/\s*%$/, ''))
  if (text.trim() !== '' && value >= 0 && value <= 100) return value
  throw new VmsError('VMS_E_USAGE', `--fail-under ${JSON.stringify(text)} is not a percentage`, {
    hint: 'Write a number from 0 to 100, like 99.9.',
  })
}
